import { promisify } from "node:util"
import { inflateRaw, inflateRawSync } from "node:zlib"
import { InvalidBundle, type PackedFile } from "./zip-index.ts"

type Packing = Pick<PackedFile, "bytes" | "isDeflated">

const inflate = promisify(inflateRaw)

/** The file itself. Throws InvalidBundle when it is not as large as its archive says. */
export async function unpack(packed: Buffer, file: Packing): Promise<Buffer> {
  if (!file.isDeflated) return checked(packed, file)
  const options = { maxOutputLength: Math.max(1, file.bytes) }
  return checked(await inflate(packed, options).catch(refuse), file)
}

/** The same in a thread where nobody else waits. */
export function unpackNow(packed: Buffer, file: Packing): Buffer {
  if (!file.isDeflated) return checked(packed, file)
  return checked(inflateRawSync(packed, { maxOutputLength: Math.max(1, file.bytes) }), file)
}

function checked(bytes: Buffer, file: Packing): Buffer {
  return bytes.length === file.bytes ? bytes : refuse()
}

function refuse(): never {
  throw new InvalidBundle("A file in it cannot be unpacked, or is not as large as it says.")
}
