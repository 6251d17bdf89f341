/** 60 frames with their source are 27 kB of compressed page; 250 would be the whole budget. */
const MAX_INLINE_FRAMES = 60

/**
 * How many frames of each trace a page shows at first. Short traces leave what they do not need to the others; the first ones,
 * which are read first, get what remains.
 */
export function frameAllowances(counts: readonly number[], total = MAX_INLINE_FRAMES): number[] {
  const fair = Math.floor(total / Math.max(1, counts.length))
  const allowances = counts.map((count) => Math.min(count, fair))
  let left = total - allowances.reduce((sum, count) => sum + count, 0)
  return allowances.map((allowance, index) => {
    const more = Math.min(left, (counts[index] ?? 0) - allowance)
    left -= more
    return allowance + more
  })
}
