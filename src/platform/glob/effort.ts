/**
 * How many steps patterns may still take together; below zero none fits any more. Each pattern is linear in its text, but texts of others
 * meet thousands of patterns of others.
 */
export type Effort = { left: number }

export const ANY_EFFORT: Effort = { left: Number.POSITIVE_INFINITY }
