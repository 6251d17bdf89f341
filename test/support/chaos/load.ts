import { randomBytes } from "node:crypto"
import { gzipSync } from "node:zlib"
import { openSender } from "../../../bench/sender.ts"
import { createLedger, type Ledger } from "./ledger.ts"

export type LoadOptions = {
  targets: { host: string; port: number }[]
  projectId: string
  publicKey: string
  perSecond: number
  random: () => number
}

export type Load = {
  ledger: Ledger
  /** Ends when everything under way is answered or given up. */
  stop(): Promise<void>
}

/** Names without digits: grouping may take those for variable parts. */
const GROUPS = ["Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak"]
const ENVIRONMENTS = ["production", "staging", "development"]
const USERS = 200
const CONNECTIONS = 6
/** As clients that retry, and proxies: half of them after an answer, half while the first is under way. */
const REPEATED = 0.02
const TICK_MS = 5
const LAST_ANSWERS_WITHIN_MS = 10_000

/** Sends events at a steady rate for as long as somebody takes them, from clients that keep their connections. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const { random, perSecond } = options
  const ledger = createLedger()
  const senders = await Promise.all(
    options.targets.map(({ host, port }) => openSender(host, port, CONNECTIONS)),
  )
  const prefix = randomBytes(8).toString("hex")
  let isStopped = false

  const post = (eventId: string, group: string) => {
    const first = Math.floor(random() * senders.length)
    const sender = [...senders.slice(first), ...senders].find((each) => each.idle() > 0)
    if (!sender) return
    ledger.send(eventId, group)
    sender.send(requestOf(options, eventId, group), performance.now(), (result) =>
      ledger.answered(eventId, result),
    )
  }
  const sendNext = (n: number) => {
    const repeat = random() < REPEATED / 2 ? ledger.recent(random) : null
    const eventId = repeat ?? prefix + n.toString(16).padStart(16, "0")
    const group = ledger.sent.get(eventId) ?? GROUPS[Math.floor(random() * GROUPS.length)] ?? ""
    post(eventId, group)
    if (random() < REPEATED / 2) post(eventId, group)
  }
  const run = async () => {
    const startedAt = performance.now()
    for (let n = 0; !isStopped; await Bun.sleep(TICK_MS)) {
      const due = ((performance.now() - startedAt) / 1000) * perSecond
      while (n < due) sendNext(n++)
    }
  }
  const running = run()
  const inFlight = () => senders.reduce((sum, sender) => sum + sender.inFlight(), 0)
  return {
    ledger,
    async stop() {
      isStopped = true
      await running
      const deadline = performance.now() + LAST_ANSWERS_WITHIN_MS
      while (inFlight() > 0 && performance.now() < deadline) await Bun.sleep(TICK_MS)
      ledger.unansweredRequests += inFlight()
      for (const sender of senders) sender.close()
    },
  }
}

/** The same event gives the same request, so that a repeat is one. */
function requestOf({ targets, projectId, publicKey }: LoadOptions, eventId: string, group: string) {
  const n = Number.parseInt(eventId.slice(-8), 16)
  const event = JSON.stringify(eventOf(eventId, group, n))
  const isEnvelope = n % 3 > 0
  const isPacked = n % 3 > 1
  const plain = isEnvelope ? `{"event_id":"${eventId}"}\n{"type":"event"}\n${event}\n` : event
  const body = isPacked ? gzipSync(plain) : Buffer.from(plain)
  const head = [
    `POST /api/${projectId}/${isEnvelope ? "envelope" : "store"}/ HTTP/1.1`,
    `Host: ${targets[0]?.host}`,
    `X-Sentry-Auth: Sentry sentry_version=7, sentry_client=chaos/1, sentry_key=${publicKey}`,
    ...(isPacked ? ["Content-Encoding: gzip"] : []),
    `Content-Length: ${body.length}`,
    "",
    "",
  ].join("\r\n")
  return Buffer.concat([Buffer.from(head), body])
}

function eventOf(eventId: string, group: string, n: number) {
  return {
    event_id: eventId,
    platform: "python",
    environment: ENVIRONMENTS[n % ENVIRONMENTS.length],
    release: `shop@1.${n % 4}.0`,
    user: { id: `u${n % USERS}` },
    tags: { tree: group },
    exception: {
      values: [
        {
          type: `${group}Error`,
          value: `no more ${group} in stock for order ${n}`,
          stacktrace: {
            frames: Array.from({ length: 8 }, (_, depth) => ({
              filename: `forest/${group}.py`,
              function: depth === 7 ? `fell_${group}` : `walk_${"abcdefgh"[depth]}`,
              lineno: 10 + depth,
              in_app: true,
              context_line: `    order = ${group}.take(order, saw=${depth})`,
            })),
          },
        },
      ],
    },
  }
}
