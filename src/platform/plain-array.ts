/**
 * A PostgreSQL array for `${…}::type[]` of values that need no quotes: ids, numbers, uuids, hex, booleans; null allowed.
 * The driver quotes and escapes each element of a JavaScript array, which for the columns of a batch of events costs
 * more than the rest of the statement.
 */
export function plainArray(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map((value) => (value === null ? "null" : value)).join(",")}}`
}
