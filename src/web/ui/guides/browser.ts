import { type Guide, npmInstall } from "./guide.ts"

const options = (dsn: string) => `  dsn: "${dsn}",
  release: "my-app@1.0.0", // the same as your uploads name it
  environment: "production",`

const init = (name: string) => (dsn: string) =>
  `import * as Sentry from "${name}"

Sentry.init({
${options(dsn)}
})`

const BUTTON = `document.body.addEventListener("click", () => {
  throw new Error("The first error")
})`

const javascript: Guide = {
  install: npmInstall("@sentry/browser"),
  file: "the first script of your pages",
  init: init("@sentry/browser"),
  test: { file: "after it; then click into the page", code: BUTTON },
  notes: [
    "Pages without a build step: the project's settings have a loader script, one line that fetches the SDK from this server.",
  ],
  hasSourceMaps: true,
  isBrowser: true,
}

const react: Guide = {
  install: npmInstall("@sentry/react"),
  file: "src/instrument.js, imported first in src/main.jsx",
  init: init("@sentry/react"),
  test: {
    file: "any component",
    code: `<button onClick={() => { throw new Error("The first error") }}>
  Break it
</button>`,
  },
  notes: [
    "React 19: hand Sentry.reactErrorHandler() to createRoot() as onUncaughtError and onCaughtError. Before: put a <Sentry.ErrorBoundary> around your application.",
  ],
  hasSourceMaps: true,
  isBrowser: true,
}

const vue: Guide = {
  install: npmInstall("@sentry/vue"),
  file: "src/main.js",
  init: (dsn) => `import * as Sentry from "@sentry/vue"
import { createApp } from "vue"
import App from "./App.vue"

const app = createApp(App)
Sentry.init({
  app,
${options(dsn)}
})
app.mount("#app")`,
  test: {
    file: "any component",
    code: `<button @click="breakIt">Break it</button>

<script setup>
function breakIt() {
  throw new Error("The first error")
}
</script>`,
  },
  hasSourceMaps: true,
  isBrowser: true,
}

const angular: Guide = {
  install: npmInstall("@sentry/angular"),
  file: "src/main.ts",
  init: (dsn) => `import { ErrorHandler } from "@angular/core"
import { bootstrapApplication } from "@angular/platform-browser"
import * as Sentry from "@sentry/angular"
import { AppComponent } from "./app/app.component"

Sentry.init({
${options(dsn)}
})

bootstrapApplication(AppComponent, {
  providers: [{ provide: ErrorHandler, useValue: Sentry.createErrorHandler() }],
})`,
  test: {
    file: "any component",
    code: `<button (click)="breakIt()">Break it</button>

breakIt() {
  throw new Error("The first error")
}`,
  },
  hasSourceMaps: true,
  isBrowser: true,
}

const svelte: Guide = {
  install: npmInstall("@sentry/svelte"),
  file: "src/main.js, before mount()",
  init: init("@sentry/svelte"),
  test: {
    file: "any component",
    code: `<button onclick={() => { throw new Error("The first error") }}>
  Break it
</button>`,
  },
  hasSourceMaps: true,
  isBrowser: true,
}

export const browserGuides = {
  javascript,
  "javascript-react": react,
  "javascript-vue": vue,
  "javascript-angular": angular,
  "javascript-svelte": svelte,
}
