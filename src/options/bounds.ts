export const MIB = 1024 * 1024
export const GIB = 1024 * MIB
export const DAY_SECONDS = 86_400
export const INT = 2_147_483_647
export const BYTES = Number.MAX_SAFE_INTEGER
