import type { Frame, NormalizedEvent } from "#normalize/event.ts"
import type { Db } from "#platform/db.ts"
import type { Commit } from "#releases/history-store.ts"
import { listCommits, listTouchedFiles } from "#releases/suspect-store.ts"
import { fileNames, type Suspect, suspectCommits } from "#releases/suspects.ts"

export type SuspectCommit = Commit & Pick<Suspect, "paths" | "score">

/** Commits that may have brought an issue, the likeliest first, by the files in the trace of an event. */
export async function findSuspectCommits(
  db: Db,
  issue: { projectId: string; issueId: string },
  event: NormalizedEvent,
  limit: number,
): Promise<SuspectCommit[]> {
  const paths = framePaths(event)
  const names = fileNames(paths)
  if (names.length === 0) return []
  const files = await listTouchedFiles(db, issue, names)
  const suspects = suspectCommits(paths, files).slice(0, limit)
  if (suspects.length === 0) return []
  const commits = await listCommits(
    db,
    suspects.map(({ commitId }) => commitId),
  )
  return suspects.flatMap(({ commitId, paths, score }) => {
    const commit = commits.get(commitId)
    return commit ? [{ ...commit, paths, score }] : []
  })
}

/** Newest first; of one's own code, unless none is. */
function framePaths(event: NormalizedEvent): string[] {
  const exceptions = event.exception?.values ?? []
  const trace = exceptions.findLast((each) => each.stacktrace)?.stacktrace ?? event.stacktrace
  const frames = trace?.frames ?? []
  const own = frames.filter((frame) => frame.in_app)
  return (own.length > 0 ? own : frames)
    .map((frame) => framePath(frame, frame.platform ?? event.platform))
    .reverse()
}

/** A JVM frame's file is a name alone; its folder is the package of its class. */
function framePath(frame: Frame, platform: string | undefined): string {
  const { filename, module } = frame
  if (platform === "java" && filename && module?.includes(".") && !filename.includes("/")) {
    return `${module.split(".").slice(0, -1).join("/")}/${filename}`
  }
  return filename ?? frame.abs_path ?? ""
}
