/** How one platform is connected. All texts are our own. */
export type Guide = {
  /** One step for each way to install; the first is the usual one. */
  install: readonly { with: string; code: string }[]
  /** Where the start-up code goes. */
  file: string
  init: (dsn: string) => string
  /** Code that sends a first error. */
  test: { file: string; code: string }
  /** What else one should know, one paragraph each. */
  notes?: readonly string[]
  /** The built code is not what was written: uploads tell which lines are meant. */
  hasSourceMaps?: boolean
  /** Runs in browsers: allowed domains and blockers matter. */
  isBrowser?: boolean
}

export const npmInstall = (name: string) => [
  { with: "npm", code: `npm install ${name}` },
  { with: "yarn", code: `yarn add ${name}` },
  { with: "pnpm", code: `pnpm add ${name}` },
]
