/** Values as MaxMind's format has them. */
type Value = string | number | Value[] | { [key: string]: Value }

const MARKER = "\xab\xcd\xefMaxMind.com"
const RECORD_BYTES = 3
const GAP_BYTES = 16

/** A small database of IPv4 networks ("192.0.2.0/24") in MaxMind's format, 24 bits a record. */
export function mmdbOf(networks: Record<string, Value>, databaseType = "Test-City"): Uint8Array {
  const nodes: [Slot, Slot][] = [[null, null]]
  const data: Uint8Array[] = []
  for (const [network, value] of Object.entries(networks)) {
    insert(nodes, bitsOf(network), { data: lengthOf(data) })
    data.push(encode(value))
  }
  const slots = nodes.flat().map((slot) => recordOf(slot, nodes.length))
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: databaseType,
    description: {},
    ip_version: 4,
    languages: ["en"],
    node_count: nodes.length,
    record_size: RECORD_BYTES * 8,
  })
  return Buffer.concat([
    ...slots,
    Buffer.alloc(GAP_BYTES),
    ...data,
    Buffer.from(MARKER, "latin1"),
    metadata,
  ])
}

type Slot = null | { node: number } | { data: number }

function insert(nodes: [Slot, Slot][], bits: number[], leaf: { data: number }): void {
  let at = 0
  for (const [index, bit] of bits.entries()) {
    const node = nodes[at]
    if (!node) throw new Error("no such node")
    if (index === bits.length - 1) {
      node[bit as 0 | 1] = leaf
      return
    }
    const next = node[bit as 0 | 1]
    if (next && "node" in next) {
      at = next.node
    } else {
      node[bit as 0 | 1] = { node: nodes.length }
      at = nodes.length
      nodes.push([null, null])
    }
  }
}

function bitsOf(network: string): number[] {
  const [address = "", length = "32"] = network.split("/")
  const bits = address.split(".").flatMap((part) => [...Number(part).toString(2).padStart(8, "0")])
  return bits.slice(0, Number(length)).map(Number)
}

/** "Not found" is the number of nodes; data begin behind the gap, from which pointers count. */
function recordOf(slot: Slot, nodeCount: number): Uint8Array {
  const number =
    slot === null ? nodeCount : "node" in slot ? slot.node : nodeCount + GAP_BYTES + slot.data
  return Uint8Array.of(number >> 16, (number >> 8) & 0xff, number & 0xff)
}

function lengthOf(parts: Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}

const TYPE = { text: 2, map: 7, uint32: 6, list: 11 } as const

function encode(value: Value): Uint8Array {
  if (typeof value === "string") {
    const bytes = Buffer.from(value)
    return Buffer.concat([control(TYPE.text, bytes.length), bytes])
  }
  if (typeof value === "number") {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([control(TYPE.uint32, 4), bytes])
  }
  if (Array.isArray(value)) {
    return Buffer.concat([control(TYPE.list, value.length), ...value.map(encode)])
  }
  const entries = Object.entries(value).flatMap(([key, member]) => [encode(key), encode(member)])
  return Buffer.concat([control(TYPE.map, entries.length / 2), ...entries])
}

/** Type and size in front of a value; types above 7 stand in a second byte. */
function control(type: number, size: number): Uint8Array {
  const short = type > 7 ? 0 : type
  const head = size < 29 ? [(short << 5) | size] : [(short << 5) | 29]
  return Uint8Array.of(...head, ...(type > 7 ? [type - 7] : []), ...(size < 29 ? [] : [size - 29]))
}
