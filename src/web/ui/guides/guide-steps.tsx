import { platformOf } from "#projects/platforms.ts"
import { Card } from "../components/card.tsx"
import { CopyField } from "../components/forms/copy-field.tsx"
import { CodeSample } from "./code-sample.tsx"
import type { Guide } from "./guide.ts"
import { curlLine, guideFor } from "./guides.ts"

/** How to connect a platform: install, start up, throw, and what to know. */
export function GuideSteps({ platform, dsn }: { platform: string; dsn: string }) {
  const guide = guideFor(platform)
  return (
    <>
      <Card title="DSN: where events go">
        <CopyField id="dsn" value={dsn} label="DSN" />
      </Card>
      {guide && <Steps guide={guide} dsn={dsn} label={platformOf(platform).label} />}
      <Card title={guide ? "Or try it without any code" : "Send a first event"}>
        <p>This line sends an error from a shell:</p>
        <CopyField id="curl" value={curlLine(dsn)} label="command" />
      </Card>
    </>
  )
}

function Steps({ guide, dsn, label }: { guide: Guide; dsn: string; label: string }) {
  return (
    <>
      <Card title={`1. Install the client for ${label}`}>
        <div class="stack">
          {guide.install.map((step, index) => (
            <CodeSample id={`install-${index}`} label={step.with} code={step.code} />
          ))}
        </div>
      </Card>
      <Card title="2. Start it">
        <CodeSample id="init" label={guide.file} code={guide.init(dsn)} />
      </Card>
      <Card title="3. Break something">
        <CodeSample id="test" label={guide.test.file} code={guide.test.code} />
      </Card>
      {hasNotes(guide) && (
        <Card title="Good to know">
          <div class="stack">
            {guide.notes?.map((note) => (
              <p>{note}</p>
            ))}
            {guide.isBrowser && <BrowserNote />}
            {guide.hasSourceMaps && <SourceMapNote dsn={dsn} />}
          </div>
        </Card>
      )}
    </>
  )
}

function hasNotes(guide: Guide): boolean {
  return Boolean(guide.notes || guide.isBrowser || guide.hasSourceMaps)
}

function BrowserNote() {
  return (
    <p>
      A Content-Security-Policy of yours must allow this server in <code>connect-src</code>. Some ad
      blockers stop requests to error trackers; the client's <code>tunnel</code> option sends them
      through your own server.
    </p>
  )
}

function SourceMapNote({ dsn }: { dsn: string }) {
  return (
    <p>
      To see your own lines instead of built ones, give <code>sentry-cli</code> this address:{" "}
      <code>SENTRY_URL={new URL(dsn).origin}/</code> and an auth token of the organization.
    </p>
  )
}
