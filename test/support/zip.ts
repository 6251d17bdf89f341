import { crc32, deflateRawSync } from "node:zlib"

export type ZipEntry = {
  name: string
  body: string | Buffer
  /** What the directory says in place of the truth. */
  saysBytes?: number
  isStored?: boolean
  isLink?: boolean
  isEncrypted?: boolean
  method?: number
  /** Shares the packed bytes of the entry before. */
  isShared?: boolean
}

/** A zip archive, honest or not, behind `prefix`. */
export function zipOf(entries: readonly ZipEntry[], prefix = Buffer.alloc(0)): Buffer {
  const parts: Buffer[] = [prefix]
  const directory: Buffer[] = []
  let at = prefix.length
  let lastAt = at
  for (const entry of entries) {
    const body = Buffer.from(entry.body as string)
    const packed = entry.isStored ? body : deflateRawSync(body)
    const fields = { ...entry, body, packed }
    const header = localHeader(fields)
    if (!entry.isShared) {
      lastAt = at
      parts.push(header, packed)
      at += header.length + packed.length
    }
    directory.push(directoryEntry(fields, lastAt))
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 8)
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, listing, end])
}

type Fields = ZipEntry & { body: Buffer; packed: Buffer }

function common(entry: Fields): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(0x800 | (entry.isEncrypted ? 1 : 0), 2)
  fields.writeUInt16LE(entry.method ?? (entry.isStored ? 0 : 8), 4)
  fields.writeUInt32LE(crc32(entry.body), 10)
  fields.writeUInt32LE(entry.packed.length, 14)
  fields.writeUInt32LE(entry.saysBytes ?? entry.body.length, 18)
  fields.writeUInt16LE(Buffer.byteLength(entry.name), 22)
  return fields
}

function localHeader(entry: Fields): Buffer {
  return Buffer.concat([Buffer.from("504b0304", "hex"), common(entry), Buffer.from(entry.name)])
}

function directoryEntry(entry: Fields, at: number): Buffer {
  const head = Buffer.from("504b01021403", "hex")
  const tail = Buffer.alloc(14)
  tail.writeUInt32LE(entry.isLink ? 0o120777 * 65536 : 0, 6)
  tail.writeUInt32LE(at, 10)
  return Buffer.concat([head, common(entry), tail, Buffer.from(entry.name)])
}

type BundleFile = {
  type: string
  url?: string
  body: string | Buffer
  headers?: Record<string, string>
}

/** What sentry-cli makes of these files: zip behind eight bytes, with a manifest at its end. */
export function bundleOf(
  files: Record<string, BundleFile>,
  manifest: Record<string, unknown> = {},
): Buffer {
  const listed = Object.entries(files).map(([path, { body: _body, ...label }]) => [path, label])
  const text = JSON.stringify({ ...manifest, files: Object.fromEntries(listed) })
  const prefix = Buffer.from("5359534202000000", "hex")
  const entries = Object.entries(files).map(([name, { body }]) => ({ name, body }))
  return zipOf([...entries, { name: "manifest.json", body: text }], prefix)
}
