import { CommanderError } from "commander"
import { AppError, type ErrorCode, messageOf } from "#platform/errors.ts"
import { FolderInUse } from "#supervisor/folder-lock.ts"

/** What a script can tell from the exit code. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  nothingToDo: 3,
  unreachable: 4,
  locked: 5,
  refused: 6,
  interrupted: 130,
} as const

type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends a command with a message for the person and a code for the script. */
export class CommandFailed extends Error {
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string) {
    super(message)
    this.name = "CommandFailed"
    this.exitCode = exitCode
  }
}

const exitOfCode: Record<ErrorCode, ExitCode> = {
  invalid: EXIT.usage,
  unauthorized: EXIT.failure,
  forbidden: EXIT.refused,
  not_found: EXIT.failure,
  conflict: EXIT.nothingToDo,
  too_large: EXIT.failure,
  rate_limited: EXIT.failure,
  unavailable: EXIT.unreachable,
}

export type Ending = { exitCode: number; message: string | null }

/** How the program ends after this error; commander has then already said what it had to say. */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) {
    return { exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage, message: null }
  }
  if (error instanceof CommandFailed) return { exitCode: error.exitCode, message: error.message }
  if (error instanceof FolderInUse) return { exitCode: EXIT.locked, message: error.message }
  if (error instanceof AppError) {
    return { exitCode: exitOfCode[error.code], message: error.message }
  }
  if (isConnectionFailure(error)) {
    return { exitCode: EXIT.unreachable, message: `cannot reach the database: ${messageOf(error)}` }
  }
  return { exitCode: EXIT.failure, message: chain(error).map(messageOf).join(": ") }
}

/** Refused, timed out, no such socket, name unknown; wrong password (28P01), no such database (3D000), starting up (57P03). */
const CONNECTION_CODES =
  /^(ECONNREFUSED|ECONNRESET|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|CONNECT_TIMEOUT|CONNECTION_\w+|28\w{3}|3D000|57P0\d)$/

function isConnectionFailure(error: unknown): boolean {
  return error instanceof Error && "code" in error && CONNECTION_CODES.test(String(error.code))
}

function chain(error: unknown): unknown[] {
  return error instanceof Error && error.cause ? [error, ...chain(error.cause)] : [error]
}
