import { Command } from "commander"
import { unpackPostgres } from "#platform/postgres/server.ts"
import { UNPACK_COMMAND } from "#supervisor/supervise.ts"

/** For `run all`, which holds the lock of the folder that it starts this in. */
export function unpackPostgresCommand(): Command {
  return new Command(UNPACK_COMMAND)
    .description("lay PostgreSQL out in the data folder that is the current folder")
    .action(() => unpackPostgres(process.cwd()))
}
