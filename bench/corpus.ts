/** Events as SDKs send them, made by our own code from a seed: same seed, same bytes. */

const SIZES = ["small", "mixed", "large"] as const
export type CorpusSize = (typeof SIZES)[number]

export function isCorpusSize(written: string): written is CorpusSize {
  return SIZES.some((size) => size === written)
}

/** Stand for what differs from event to event; each is replaced by as many characters before sending. */
export const slots = {
  eventId: "@".repeat(32),
  group: "#".repeat(8),
  user: "~".repeat(8),
} as const

type Random = () => number

/** How many of each part an event has; the stack's own code is fixed, so that groups are decided by the slot alone. */
type Shape = { appFrames: number; systemFrames: number; breadcrumbs: number; notes: number }

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** JSON texts with the slots in place, near their beginning. Bytes: small 1.5 KB, mixed 2 to 30 KB with a mean of 9, large 50 KB. */
export function corpus(size: CorpusSize, seed: number): string[] {
  const random = randomFrom(seed)
  const count = size === "mixed" ? 64 : 16
  return Array.from({ length: count }, () => JSON.stringify(event(shapeOf(size, random), random)))
}

function shapeOf(size: CorpusSize, random: Random): Shape {
  switch (size) {
    case "small":
      return { appFrames: 1, systemFrames: 0, breadcrumbs: 0, notes: 0 }
    case "large":
      return { appFrames: 6, systemFrames: 60, breadcrumbs: 110, notes: 14 }
    case "mixed": {
      // Most events are short, a few are long.
      const weight = random() ** 2
      return {
        appFrames: 4,
        systemFrames: Math.floor(2 + weight * 18),
        breadcrumbs: Math.floor(2 + weight * 33),
        notes: Math.floor(weight * 6),
      }
    }
  }
}

function event(shape: Shape, random: Random) {
  const isSmall = shape.appFrames === 1
  return {
    event_id: slots.eventId,
    user: { id: slots.user, username: `user-${slots.user}`, ip_address: "203.0.113.7" },
    exception: { values: [exception(shape, random)] },
    platform: "python",
    level: random() < 0.9 ? "error" : "warning",
    release: `shop@2.${Math.floor(random() * 4)}.0`,
    environment: random() < 0.8 ? "production" : "staging",
    server_name: `web-${Math.floor(random() * 8)}`,
    transaction: "/checkout/{cart}/pay",
    tags: {
      region: pick(["eu-west", "us-east", "ap-south"], random),
      plan: pick(["free", "team", "business"], random),
      feature: pick(["one-page", "classic"], random),
    },
    breadcrumbs: { values: times(shape.breadcrumbs, (i) => breadcrumb(i, random)) },
    ...(isSmall ? {} : surroundings(random)),
    extra: Object.fromEntries(times(shape.notes, (i) => [`note_${i}`, words(40, random)])),
    sdk: { name: "sentry.python", version: "2.30.0" },
  }
}

function exception(shape: Shape, random: Random) {
  const own = times(shape.appFrames, (i) => frame(i, true, random))
  const [first, ...others] = own
  return {
    stacktrace: {
      frames: [
        { ...first, function: `handle_${slots.group}` },
        ...times(shape.systemFrames, (i) => frame(i, false, random)),
        ...others,
      ],
    },
    type: "PaymentError",
    value: `card ${Math.floor(random() * 10_000)} was declined: ${words(6, random)}`,
    mechanism: { type: "generic", handled: random() < 0.5 },
  }
}

function frame(index: number, isOwn: boolean, random: Random) {
  const folder = isOwn ? "shop/checkout" : "site-packages/framework/core"
  const name = `${isOwn ? "step" : "dispatch"}_${index}`
  return {
    function: name,
    module: `${folder.replaceAll("/", ".")}.${name}`,
    filename: `${folder}/${name}.py`,
    abs_path: `/srv/app/${folder}/${name}.py`,
    lineno: 40 + index * 7,
    in_app: isOwn,
    context_line: `        result = ${name}(request, cart, retries=${index})`,
    ...(isOwn ? ownContext(name, random) : {}),
  }
}

function ownContext(name: string, random: Random) {
  return {
    pre_context: [
      `    def ${name}(self, request, cart, retries=3):`,
      '        """Charges the cart and writes the receipt."""',
      "        total = cart.total(currency=request.currency)",
    ],
    post_context: [
      "        if not result.ok:",
      "            raise PaymentError(result.reason)",
      "",
    ],
    vars: {
      request: `<Request POST '/checkout/${Math.floor(random() * 1e6)}/pay'>`,
      cart: `<Cart items=${Math.floor(random() * 20)} total=${(random() * 500).toFixed(2)}>`,
      retries: Math.floor(random() * 4),
    },
  }
}

function breadcrumb(index: number, random: Random) {
  return {
    type: "default",
    category: pick(["http", "query", "navigation", "console"], random),
    level: "info",
    message: words(5, random),
    timestamp: 1_769_000_000 + index + random(),
    data: { url: `/api/items/${Math.floor(random() * 1e5)}`, status_code: 200 },
  }
}

function surroundings(random: Random) {
  return {
    request: {
      url: `https://shop.example.com/checkout/${Math.floor(random() * 1e6)}/pay`,
      method: "POST",
      query_string: "source=mail&campaign=spring",
      headers: {
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Content-Type": "application/json",
        Host: "shop.example.com",
        Accept: "application/json",
      },
      data: { items: times(3, () => ({ sku: words(1, random), quantity: 2 })) },
    },
    contexts: {
      runtime: { name: "CPython", version: "3.12.4" },
      os: { name: "Linux", version: "6.1.0" },
      trace: { trace_id: "0af7651916cd43dd8448eb211c80319c", span_id: "b7ad6b7169203331" },
    },
    modules: Object.fromEntries(times(12, (i) => [`package-${i}`, `1.${i}.0`])),
  }
}

const VOCABULARY =
  "order cart total retry gateway timeout receipt customer address voucher shipping invoice".split(
    " ",
  )

function words(count: number, random: Random): string {
  return times(count, () => `${pick(VOCABULARY, random)}${Math.floor(random() * 1000)}`).join(" ")
}

function pick<T>(choices: readonly T[], random: Random): T {
  return choices[Math.floor(random() * choices.length)] as T
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}
