import { gzipSync } from "node:zlib"
import { encodeMessage } from "#messages.ts"
import { utcDay } from "#platform/clock.ts"
import { messageId } from "#platform/ids.ts"
import type { QueueRecord } from "#platform/queue/queue.ts"

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One event of mixed traffic, about 9 KB on average (1.5 to 30): a stack with source and variables, crumbs, request, tags. */
export function mixedEvent(random: () => number, groups: number): object {
  const whole = (below: number) => Math.floor(random() * below)
  const group = whole(groups)
  const size = 0.25 + 1.5 * random() ** 1.5
  return {
    platform: "python",
    level: whole(5) === 0 ? "warning" : "error",
    environment: ["production", "staging", "development"][whole(3)],
    release: `shop@1.${whole(12)}.0`,
    server_name: `web-${whole(8)}`,
    transaction: `shop.views.view_${group % 40}`,
    user: {
      id: `${whole(20_000)}`,
      email: `person${whole(20_000)}@shop.example`,
      ip_address: `198.51.100.${whole(250)}`,
    },
    tags: {
      customer: `c${whole(300)}`,
      plan: ["free", "team", "pro"][whole(3)],
      region: `r${whole(6)}`,
      feature: `f${whole(20)}`,
    },
    contexts: {
      runtime: { name: "CPython", version: `3.1${whole(4)}.2` },
      os: { name: "Linux", version: `6.${whole(9)}` },
      browser: { name: ["Chrome", "Firefox", "Safari"][whole(3)], version: `${100 + whole(30)}.0` },
      trace: { trace_id: hex(random, 32), span_id: hex(random, 16) },
    },
    request: {
      url: `https://shop.example/cart/${whole(500)}`,
      method: "POST",
      headers: {
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
        Accept: "*/*",
        Cookie: "a=b",
      },
      data: { item: whole(1000), quantity: whole(9), note: hex(random, 40) },
    },
    exception: {
      values: [
        {
          type: `Error${group}`,
          value: `item ${whole(100_000)} is not in stock ${hex(random, 12)}`,
          mechanism: { type: "django", handled: false },
          stacktrace: {
            frames: Array.from({ length: Math.ceil(size * 9) }, (_, n) => frame(n, group, random)),
          },
        },
      ],
    },
    breadcrumbs: {
      values: Array.from({ length: Math.ceil(size * 22) }, (_, n) => breadcrumb(n, random)),
    },
    modules: { django: "5.1.2", requests: "2.32.3", "sentry-sdk": "2.19.0", psycopg: "3.2.1" },
    sdk: { name: "sentry.python.django", version: "2.19.0" },
  }
}

function frame(n: number, group: number, random: () => number): object {
  const line = (at: number) =>
    `    value_${at} = compute(order, item_${(group * 7 + at) % 90}, retries=${at % 5})`
  return {
    filename: `shop/module_${(group + n) % 30}.py`,
    abs_path: `/srv/app/shop/module_${(group + n) % 30}.py`,
    module: `shop.module_${(group + n) % 30}`,
    function: `step_${group}_${n}`,
    lineno: 10 + n,
    in_app: n % 3 !== 0,
    pre_context: [line(1), line(2), line(3)],
    context_line: line(4),
    post_context: [line(5), line(6), line(7)],
    vars: { order: `<Order ${hex(random, 12)}>`, total: random() * 1000, name: hex(random, 20) },
  }
}

function breadcrumb(n: number, random: () => number): object {
  return {
    timestamp: Date.now() / 1000 - n,
    type: "default",
    category: n % 2 ? "query" : "httplib",
    level: "info",
    message: `select * from item where id = ${Math.floor(random() * 1e6)} and shop = '${hex(random, 8)}'`,
    data: { duration_ms: Math.floor(random() * 90) },
  }
}

function hex(random: () => number, length: number): string {
  let text = ""
  while (text.length < length) text += Math.floor(random() * 16 ** 8).toString(16)
  return text.slice(0, length)
}

/** What web would have queued; half of the bodies come compressed. */
export function queued(
  project: { projectId: string; organizationId: string },
  event: object,
  isCompressed: boolean,
): QueueRecord {
  const id = messageId()
  const receivedAt = Date.now()
  const eventId = crypto.randomUUID().replaceAll("-", "")
  const payload = JSON.stringify({ ...event, event_id: eventId, timestamp: receivedAt / 1000 })
  const body = Buffer.from(`{"event_id":"${eventId}"}\n{"type":"event"}\n${payload}\n`)
  return {
    id,
    deliveries: 1,
    body: encodeMessage({
      id,
      ...project,
      keyId: "1",
      publicKey: "a".repeat(32),
      receivedAt,
      receivedDay: utcDay(new Date(receivedAt)),
      kind: "envelope",
      encoding: isCompressed ? ["gzip"] : [],
      unverified: false,
      origin: null,
      clientAddress: "192.0.2.1",
      userAgent: "sentry.python/2.19.0",
      client: "sentry.python/2.19.0",
      eventId,
      dropped: [],
      body: isCompressed ? gzipSync(body) : body,
    }),
  }
}
