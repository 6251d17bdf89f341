const MIB = 1024 * 1024

/** What clients are told, and held to. They send a chunk by its size, so it must be a power of two. */
export const CHUNK_BYTES = 8 * MIB
export const CHUNKS_PER_REQUEST = 64
export const MAX_REQUEST_BYTES = 32 * MIB
/** Clients fill a request by the sizes of chunks alone: names and boundaries come on top, and what gzip adds where nothing gets smaller. */
export const FORM_BYTES = 256 * 1024
export const CONCURRENT_REQUESTS = 8
