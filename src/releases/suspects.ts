/** A file that a commit changed; commits come newest first. */
export type TouchedFile = { commitId: string; path: string }

export type Suspect = {
  commitId: string
  /** What it changed of the files in the trace. */
  paths: string[]
  /** 5 for the newest frame that a commit explains, 4 for the next one ... */
  score: number
}

const MAX_FRAMES = 25
/** So many frames count, the newest one the most. */
const MAX_SCORED = 5

/** A path's segments, without case and with one kind of slash. */
function segmentsOf(path: string): string[] {
  return path
    .toLowerCase()
    .split(/[\\/]/)
    .filter((segment) => segment !== "" && segment !== ".")
}

/** The last segments of the frames' paths: only files called so can be meant. */
export function fileNames(framePaths: readonly string[]): string[] {
  const names = framePaths.slice(0, MAX_FRAMES).map((path) => segmentsOf(path).at(-1) ?? "")
  return [...new Set(names)].filter((name) => name !== "")
}

/**
 * Which commits may have brought it: those that changed a file of the trace. A file is a frame's when their paths end alike; of
 * several the ones that agree the longest. `framePaths` are newest first.
 */
export function suspectCommits(
  framePaths: readonly string[],
  files: readonly TouchedFile[],
): Suspect[] {
  const suspects = new Map<string, Suspect>()
  const split = files.map((file) => ({ ...file, segments: segmentsOf(file.path) }))
  let weight = MAX_SCORED
  for (const path of new Set(framePaths.slice(0, MAX_FRAMES))) {
    const matching = bestMatches(segmentsOf(path), split)
    if (matching.length === 0) continue
    for (const [commitId, touched] of Map.groupBy(matching, (file) => file.commitId)) {
      const suspect = suspects.getOrInsertComputed(commitId, () => ({
        commitId,
        paths: [],
        score: 0,
      }))
      suspect.score += weight
      suspect.paths = [...new Set([...suspect.paths, ...touched.map((file) => file.path)])]
    }
    weight--
    if (weight === 0) break
  }
  return [...suspects.values()].sort((a, b) => b.score - a.score)
}

type SplitFile = TouchedFile & { segments: string[] }

function bestMatches(frame: readonly string[], files: readonly SplitFile[]): SplitFile[] {
  let best = 0
  let found: SplitFile[] = []
  for (const file of files) {
    const score = agreement(frame, file.segments)
    // Only the name agrees, and the file says more than its name: `a/index.js` is not `b/index.js`.
    if (score === 0 || score < best || (score === 1 && file.segments.length > 1)) continue
    if (score > best) found = []
    best = score
    found.push(file)
  }
  return found
}

/** How many segments two paths have in common, from their ends on. */
function agreement(a: readonly string[], b: readonly string[]): number {
  let count = 0
  while (count < a.length && count < b.length && a.at(-1 - count) === b.at(-1 - count)) count++
  return count
}
