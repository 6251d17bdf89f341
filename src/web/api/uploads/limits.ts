const MIB = 1024 * 1024

/** What clients are told, and held to. They send a chunk by its size, so it must be a power of two. */
export const CHUNK_BYTES = 8 * MIB
export const CHUNKS_PER_REQUEST = 64
export const MAX_REQUEST_BYTES = 32 * MIB
/** Names and boundaries around the chunks. */
export const MULTIPART_BYTES = 64 * 1024
export const CONCURRENT_REQUESTS = 8
