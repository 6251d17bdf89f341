/** Priority that an issue of a level starts with: 25 low, 50 medium, 75 high. */
export function priorityOf(level: number): number {
  if (level >= 40) return 75
  return level >= 30 ? 50 : 25
}
