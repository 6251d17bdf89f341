import { startFleet } from "../support/executable.ts"
import { tellStory } from "./tell-story.ts"

await tellStory((env) => startFleet({ env }))
