const MAGIC_BYTES = 4
const BLOCK_HEADER_BYTES = 3
const CHECKSUM_BYTES = 4
const DICTIONARY_ID_BYTES = [0, 1, 2, 4]
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]
/** A block of this type repeats one byte `size` times and holds only that byte. */
const RUN_LENGTH_BLOCK = 1

/**
 * Whether the bytes hold the frame to its last block (RFC 8878, section 3.1.1). Walks the block headers only; each step
 * goes forward by at least three bytes.
 */
export function isWholeZstdFrame(bytes: Uint8Array): boolean {
  const descriptor = bytes[MAGIC_BYTES]
  if (descriptor === undefined) return false
  let at = MAGIC_BYTES + 1 + optionalFieldBytes(descriptor)
  let isLast = false
  while (!isLast) {
    if (at + BLOCK_HEADER_BYTES > bytes.length) return false
    const header = byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16)
    isLast = (header & 1) === 1
    const type = (header >> 1) & 3
    at += BLOCK_HEADER_BYTES + (type === RUN_LENGTH_BLOCK ? 1 : header >> 3)
  }
  const hasChecksum = ((descriptor >> 2) & 1) === 1
  return at + (hasChecksum ? CHECKSUM_BYTES : 0) <= bytes.length
}

/** Window, dictionary id and content size, each present or not as the descriptor's bits say. */
function optionalFieldBytes(descriptor: number): number {
  const isSingleSegment = ((descriptor >> 5) & 1) === 1
  const contentSizeFlag = descriptor >> 6
  const contentSize =
    contentSizeFlag === 0 && isSingleSegment ? 1 : (CONTENT_SIZE_BYTES[contentSizeFlag] ?? 0)
  const dictionaryId = DICTIONARY_ID_BYTES[descriptor & 3] ?? 0
  return (isSingleSegment ? 0 : 1) + dictionaryId + contentSize
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}
