import { startAppliance } from "../support/executable.ts"
import { tellStory } from "./tell-story.ts"

await tellStory((env) => startAppliance({ env }))
