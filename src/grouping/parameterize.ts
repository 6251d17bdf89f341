/** Longer texts are dumps, which no two events share. */
const MAX_CHARACTERS = 8192

const TLD_NAMES =
  "com net org jp de uk fr br it ru es me gov pl ca au cn co in nl edu info eu ch id at kr cz mx be tv se tr " +
  "tw al ua ir vn cl sk ly cc to no fi us pt dk ar hu tk gr il news ro my biz ie za nz sg ee th io xyz pe bg " +
  "hk rs lt link ph club si site mobi by cat wiki la ga xxx cf hr ng jobs online kz ug gq ae is lv pro fm " +
  "tips ms sa app"
const TLDS = TLD_NAMES.split(" ").flatMap((tld) => [tld, tld.toUpperCase()])

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"
const IPV4 = `(?:${OCTET}\\.){3}${OCTET}`
const HEXTET = "[0-9A-Fa-f]{1,4}"
/** Every way to write an IPv6 address: whole, with one gap of any width at any place, with an IPv4 address at the end. */
const IPV6 = [
  `::(?:ffff(?::0{1,4})?:)?${IPV4}`,
  `(?:${HEXTET}:){1,6}:?${IPV4}`,
  `(?:${HEXTET}:){7}${HEXTET}`,
  ...[1, 2, 3, 4, 5, 6].map((head) => `(?:${HEXTET}:){${head}}(?::${HEXTET}){1,${7 - head}}`),
  `:(?::${HEXTET}){1,7}`,
  `(?:${HEXTET}:){1,7}:`,
  "::",
].join("|")

const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
const WEEKDAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
const LONG_WEEKDAY = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
const ZONE = "(?:[+-]\\d{4}|UT|GMT|[ECMP](?:ST|DT)|[A-IK-Z]\\b)"
const CLOCK = "\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?"
const DATES = [
  `${WEEKDAY}, \\d{1,2} ${MONTH} \\d{2,4} \\d{2}:\\d{2}(?::\\d{2})? ${ZONE}`,
  `(?:${WEEKDAY} )?${MONTH} [0-3]\\d, \\d{2,4}`,
  `(?:${LONG_WEEKDAY}|${WEEKDAY}), \\d{2}-${MONTH}-\\d{2} \\d{2}:\\d{2}:\\d{2} [A-Z]{1,5}`,
  "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?Z?(?:[+-]?\\d{2}:\\d{2})?",
  `${WEEKDAY} ${MONTH} \\d{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT[+-]\\d{4}(?: \\([A-Za-z ]{1,40}\\))?`,
  `\\d{4}-?[01]\\d-?[0-3]\\d[ T](?:${CLOCK}|\\d{4}(?:\\d{2})?)(?:[+-]\\d{2}:?\\d{2}|Z)?`,
  "(?<!\\d)\\d{1,2}:\\d{2}(?::\\d{2})?(?: ?[aApP][mM])(?![\\d:])",
  "(?<!\\d)(?:2[0-3]|[01]?\\d):[0-5]\\d(?::[0-5]\\d)?(?![\\d:])",
  "\\d{4}-[01]\\d-(?:[0-2]\\d|3[01])(?!\\d)",
  `(?:${WEEKDAY} )?${MONTH} {1,2}\\d{1,2} \\d{2}:\\d{2}:\\d{2} \\d{4}`,
  `(?:${WEEKDAY}, )?\\d{2} ${MONTH} \\d{4} \\d{2}:\\d{2}(?::\\d{2})? ${ZONE}`,
  "datetime\\.datetime\\([^)]{1,200}\\)",
].join("|")

const HEX_PAIR = "[0-9A-Fa-f]{2}"
const MAC_ADDRESS = [":", "-", " "]
  .map((separator) => `${HEX_PAIR}(?:${separator}${HEX_PAIR}){5}`)
  .concat("[0-9A-Fa-f]{4}(?:\\.[0-9A-Fa-f]{4}){2}")
  .join("|")

/** Short ones must have a digit and a letter, or every number and half of the words would be one. */
const HEX = ["a-f", "A-F"]
  .map(
    (letters) =>
      `(?=[0-9]{0,5}[${letters}])(?=[${letters}]{0,5}[0-9])[0-9${letters}]{4,6}|[0-9${letters}]{8,128}`,
  )
  .join("|")

/**
 * What differs between events of one kind, in order of precedence. Every quantifier is bounded, and what may start
 * with a long run of characters must start at the beginning of the run, so that the time is linear in the text.
 */
const PATTERNS: [name: string, source: string][] = [
  [
    "email",
    "(?<![A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,254}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){0,10}",
  ],
  [
    "url",
    "(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,32}://[^\\s\"'`\\\\<>{}|^]{0,2048}[^\\s\"'`\\\\<>{}|^.,;]",
  ],
  ["hostname", `(?<![\\w.-])(?:[A-Za-z0-9-]{1,63}\\.){1,8}(?:${TLDS.join("|")})(?![\\w])`],
  [
    "ip",
    `(?<![0-9A-Za-z_:.])(?:${IPV6})(?:%[0-9A-Za-z]{1,16})?(?:/\\d{1,3})?(?![0-9A-Za-z:])|\\b${IPV4}\\b`,
  ],
  ["traceparent", "\\b00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\\b|\\b1-[0-9a-f]{8}-[0-9a-f]{24}\\b"],
  ["uuid", "\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b"],
  ["sha1", "\\b[0-9a-fA-F]{40}\\b"],
  ["md5", "\\b[0-9a-fA-F]{32}\\b"],
  ["date", `(?<![0-9A-Za-z])(?:${DATES})`],
  ["duration", "\\b\\d{1,20}ms\\b|\\b\\d{1,20}(?:\\.\\d{1,20})?s\\b"],
  ["mac_addr", `\\b(?:${MAC_ADDRESS})\\b`],
  ["swift_txn_id", "\\btx[0-9a-f]{21}-[0-9a-f]{10}\\S{0,100}"],
  ["hex", `\\b0[xX][0-9a-fA-F]{1,128}\\b|(?<![0-9A-Za-z])-?(?:${HEX})(?![0-9A-Za-z])`],
  ["git_sha", "\\b(?=[0-9]{0,6}[a-f])(?=[a-f]{0,6}[0-9])[0-9a-f]{7}\\b"],
  ["float", "(?<![\\d.])(?:(?<!\\w)-)?\\d{1,20}\\.\\d{1,20}(?!\\d|\\.\\d)"],
  ["int", "(?<![0-9A-Za-z])(?:(?<!\\w)-)?\\d{1,7}(?![0-9A-Za-z])"],
  ["quoted_str", "(?<==)(?:'[^']{1,1024}'|\"[^\"]{1,1024}\")"],
  ["bool", "(?<==)(?:[Tt]rue|[Ff]alse)\\b"],
]
const COMBINED = new RegExp(PATTERNS.map(([, source]) => `(${source})`).join("|"), "g")

/** A text without any of these, or a long run of letters from a to f, has nothing to replace. */
const MAY_DIFFER = /[0-9@=]|:[:/]|\w\.[A-Za-z]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)|[a-f]{8}|[A-F]{8}/

/** The text with everything that looks like an id, a number, a date or an address as `<name>` of its kind. */
export function parameterize(text: string): string {
  if (text.length > MAX_CHARACTERS || !MAY_DIFFER.test(text)) return text
  return text.replace(COMBINED, (match, ...groups) => {
    const index = groups.findIndex((group) => group !== undefined)
    return `<${PATTERNS[index]?.[0] ?? match}>`
  })
}
