/** The smallest file that is a minidump: its header and one stream of comments, `bytes` long in all. */
export function minidump({ writtenAt = 0, bytes = 64 } = {}): Buffer<ArrayBuffer> {
  const dump = Buffer.alloc(Math.max(bytes, 64))
  dump.write("MDMP", 0, "latin1")
  dump.writeUInt32LE(0xa793, 4)
  dump.writeUInt32LE(1, 8)
  dump.writeUInt32LE(32, 12)
  dump.writeUInt32LE(writtenAt, 20)
  // CommentStreamA, over all that follows.
  dump.writeUInt32LE(10, 32)
  dump.writeUInt32LE(dump.length - 44, 36)
  dump.writeUInt32LE(44, 40)
  return dump
}

export type GivenPart = {
  name: string
  content: string | Uint8Array
  filename?: string
  type?: string
}

/** A form as crash reporters write it by themselves. */
export function multipart(
  parts: readonly GivenPart[],
  boundary = "----crash",
): Buffer<ArrayBuffer> {
  const lines = parts.flatMap(({ name, content, filename, type }) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`,
    filename === undefined ? "" : `; filename="${filename}"`,
    type === undefined ? "" : `\r\nContent-Type: ${type}`,
    "\r\n\r\n",
    content,
    "\r\n",
  ])
  return Buffer.concat([...lines, `--${boundary}--\r\n`].map((part) => Buffer.from(part as string)))
}

export const MULTIPART = { "Content-Type": "multipart/form-data; boundary=----crash" }
