import { type Guide, npmInstall } from "./guide.ts"

const init = (name: string) => (dsn: string) =>
  `import * as Sentry from "${name}"

Sentry.init({
  dsn: "${dsn}",
  release: "my-app@1.0.0", // your version, or a commit
  environment: process.env.NODE_ENV,
})`

const IMPORT_FIRST =
  "The file must be loaded before everything else, so that it can watch what the other modules do: node --import ./instrument.mjs app.mjs"

const node: Guide = {
  install: npmInstall("@sentry/node"),
  file: "instrument.mjs",
  init: init("@sentry/node"),
  test: {
    file: "app.mjs",
    code: `setTimeout(() => {
  throw new Error("The first error")
}, 100)`,
  },
  notes: [IMPORT_FIRST],
  hasSourceMaps: true,
}

const express: Guide = {
  install: npmInstall("@sentry/node"),
  file: "instrument.mjs",
  init: init("@sentry/node"),
  test: {
    file: "app.mjs",
    code: `import * as Sentry from "@sentry/node"
import express from "express"

const app = express()
app.get("/break-it", () => {
  throw new Error("The first error")
})

// after all routes
Sentry.setupExpressErrorHandler(app)
app.listen(3000)`,
  },
  notes: [IMPORT_FIRST],
  hasSourceMaps: true,
}

const nest: Guide = {
  install: npmInstall("@sentry/nestjs"),
  file: "src/instrument.ts, imported first in src/main.ts",
  init: init("@sentry/nestjs"),
  test: {
    file: "src/app.module.ts",
    code: `import { Controller, Get, Module } from "@nestjs/common"
import { APP_FILTER } from "@nestjs/core"
import { SentryGlobalFilter, SentryModule } from "@sentry/nestjs/setup"

@Controller()
class BreakItController {
  @Get("break-it")
  breakIt() {
    throw new Error("The first error")
  }
}

@Module({
  imports: [SentryModule.forRoot()],
  controllers: [BreakItController],
  providers: [{ provide: APP_FILTER, useClass: SentryGlobalFilter }],
})
export class AppModule {}`,
  },
  hasSourceMaps: true,
}

const next: Guide = {
  install: npmInstall("@sentry/nextjs"),
  file: "instrumentation-client.ts, sentry.server.config.ts and sentry.edge.config.ts",
  init: init("@sentry/nextjs"),
  test: {
    file: "app/break-it/page.tsx",
    code: `export default function BreakIt(): never {
  throw new Error("The first error")
}
export const dynamic = "force-dynamic"`,
  },
  notes: [
    "Load the two server files from register() in instrumentation.ts, and wrap the configuration in next.config.ts with withSentryConfig().",
  ],
  hasSourceMaps: true,
  isBrowser: true,
}

export const nodeGuides = {
  node,
  "node-express": express,
  "node-nestjs": nest,
  "javascript-nextjs": next,
}
