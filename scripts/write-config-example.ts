import { join } from "node:path"
import { exampleConfig } from "../src/cli/configuration/example.ts"

/** Writes config/config.example.yml anew after src/options changed: `bun scripts/write-config-example.ts`. */
await Bun.write(join(import.meta.dir, "../config/config.example.yml"), exampleConfig())
