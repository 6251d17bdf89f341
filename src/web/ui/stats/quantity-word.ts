import { isCountedInBytes } from "#protocol/quantities.ts"
import { bytesOf } from "../units.ts"

/** "1,204", or "3.4 MiB" of what is counted in bytes. */
export function quantityWord(quantity: number, category: string): string {
  return isCountedInBytes(category) ? bytesOf(quantity) : quantity.toLocaleString("en")
}
