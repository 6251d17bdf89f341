/** Events of every kind that a page must be able to show; each as an SDK sends it. */

const NOW = () => Date.now() / 1000

const SOURCE = {
  pre_context: [
    'def render_total(self, invoice, *, currency="EUR"):',
    '    """Render the grand total of an invoice."""',
    "    lines = [line for line in invoice.lines if line.active]",
    "    if not lines:",
    "        return None",
  ],
  context_line:
    "    total = sum(line.amount / line.quantity for line in lines)  # may divide by zero",
  post_context: [
    "    rate = self.rates.get(currency, 1.0)",
    '    logger.info("total %s for %s", total, invoice.id)',
    "    return format_money(total * rate, currency)",
    "",
    "def send(self):",
  ],
}

const appFrame = (index: number, more: object = {}) => ({
  module: `billing.module_${index}`,
  filename: `app/billing/module_${index}.py`,
  abs_path: `/srv/shop/app/billing/module_${index}.py`,
  function: `function_${index}`,
  lineno: 120 + index,
  in_app: true,
  ...SOURCE,
  vars: { invoice: `<Invoice id=${index} customer='ACME GmbH'>`, currency: "'EUR'", rate: "1.0" },
  ...more,
})

const libraryFrame = (index: number) => ({
  module: `django.core.module_${index}`,
  filename: `django/core/module_${index}.py`,
  function: `get_response_${index}`,
  lineno: 40 + index,
})

const thrown = (type: string, value: string, frames: object[], mechanism: object = {}) => ({
  type,
  value,
  ...(frames.length > 0 && { stacktrace: { frames } }),
  ...(Object.keys(mechanism).length > 0 && { mechanism: { type: "generic", ...mechanism } }),
})

const python = (exceptions: object[], more: object = {}) => ({
  platform: "python",
  environment: "production",
  release: "shop@2.14.1",
  exception: { values: exceptions },
  ...more,
})

/** A request handler that divides by zero, with everything around it that an SDK can tell. */
export const typical = (more: object = {}) =>
  python(
    [
      thrown(
        "ZeroDivisionError",
        "division by zero",
        [
          libraryFrame(0),
          libraryFrame(1),
          libraryFrame(2),
          appFrame(3),
          libraryFrame(4),
          appFrame(5),
        ],
        { type: "django", handled: false },
      ),
    ],
    {
      transaction: "/invoices/{id}/",
      server_name: "web-1",
      user: { id: "42", email: "ann@example.test", username: "ann", ip_address: "203.0.113.7" },
      request: {
        method: "POST",
        url: "https://shop.test/invoices/4711",
        query_string: "page=2&sort=total",
        headers: [
          ["Content-Type", "application/json"],
          ["User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
          ["Authorization", "Bearer secret"],
        ],
        cookies: "theme=dark; sessionid=hunter2",
        data: { invoice: 4711, lines: [{ amount: 3, quantity: 0 }], note: 'it\'s "quoted"' },
        env: { REMOTE_ADDR: "203.0.113.7", SERVER_NAME: "web-1" },
      },
      contexts: {
        runtime: { name: "CPython", version: "3.12.4" },
        os: { name: "Linux", version: "6.1.0" },
        browser: { name: "Firefox", version: "140.0" },
        trace: { trace_id: "a".repeat(32), span_id: "b".repeat(16), op: "http.server" },
        billing: { plan: "team", seats: 12, trial: false },
      },
      tags: { region: "eu", "shop.tier": "gold", customer: "ACME GmbH" },
      extra: { cart: { items: [{ sku: "A-1", price: 12.5 }], total: 12.5 }, password: "hunter2" },
      modules: Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [`package-${index}`, `1.${index}.0`]),
      ),
      breadcrumbs: { values: breadcrumbs(30) },
      sdk: { name: "sentry.python.django", version: "2.30.0", integrations: ["django", "logging"] },
      ...more,
    },
  )

function breadcrumbs(count: number): object[] {
  const makers = [
    (at: number) => ({
      timestamp: at,
      type: "http",
      category: "httplib",
      data: { method: "GET", url: "https://rates.test/latest?base=EUR", status_code: 200 },
    }),
    (at: number) => ({
      timestamp: at,
      category: "query",
      message: "SELECT id, amount, quantity FROM invoice_line WHERE invoice_id = %s ORDER BY id",
      data: { "db.system": "postgresql", params: [4711] },
    }),
    (at: number) => ({
      timestamp: at,
      category: "billing",
      level: "warning",
      message: "the rate of EUR is 3 days old",
    }),
    (at: number) => ({
      timestamp: at,
      type: "http",
      category: "fetch",
      level: "error",
      data: { method: "POST", url: "https://pay.test/charges", status_code: 502 },
    }),
    (at: number) => ({
      timestamp: at,
      type: "navigation",
      category: "navigation",
      data: { from: "/cart", to: "/pay" },
    }),
  ]
  return Array.from({ length: count }, (_, index) =>
    makers[index % makers.length]!(NOW() - (count - index) * 1.37),
  )
}

const chained = () =>
  python([
    thrown("KeyError", "'EUR'", [appFrame(1), appFrame(2)], { type: "chained", handled: true }),
    thrown("RateMissing", "no rate for 'EUR'", [appFrame(3)], { type: "chained", handled: true }),
    thrown("InvoiceError", "invoice 4711 cannot be rendered", [libraryFrame(1), appFrame(4)], {
      type: "django",
      handled: false,
    }),
  ])

const inGroup = (id: number, parent: number | undefined, more: object = {}) => ({
  type: "chained",
  exception_id: id,
  ...(parent !== undefined && { parent_id: parent }),
  ...more,
})

const exceptionGroup = () =>
  python([
    thrown(
      "TypeError",
      "price is not a number",
      [appFrame(1)],
      inGroup(4, 2, { source: "exceptions[1]" }),
    ),
    thrown(
      "ValueError",
      "quantity is 0",
      [appFrame(2)],
      inGroup(3, 2, { source: "exceptions[0]" }),
    ),
    thrown(
      "ExceptionGroup",
      "lines failed",
      [],
      inGroup(2, 0, { source: "exceptions[1]", is_exception_group: true }),
    ),
    thrown(
      "TimeoutError",
      "rates.test did not answer",
      [appFrame(3)],
      inGroup(1, 0, { source: "exceptions[0]" }),
    ),
    thrown(
      "ExceptionGroup",
      "unhandled errors in a TaskGroup (2 sub-exceptions)",
      [libraryFrame(1), appFrame(4)],
      {
        ...inGroup(0, undefined, { is_exception_group: true, handled: false }),
        type: "excepthook",
      },
    ),
  ])

const deep = () =>
  python([
    thrown(
      "RuntimeError",
      "250 calls deep",
      Array.from({ length: 250 }, (_, index) =>
        index % 3 === 0 ? appFrame(index) : libraryFrame(index),
      ),
    ),
  ])

const recursion = () =>
  python([
    thrown("RecursionError", "maximum recursion depth exceeded", [
      libraryFrame(1),
      appFrame(1),
      ...Array.from({ length: 180 }, () => appFrame(2)),
      appFrame(3),
    ]),
  ])

const native = () => ({
  platform: "native",
  level: "fatal",
  release: "desktop@1.9.0",
  exception: {
    values: [
      {
        type: "EXC_BAD_ACCESS / SIGSEGV",
        value: "Attempted to dereference a null pointer",
        thread_id: 1,
        mechanism: {
          type: "minidump",
          handled: false,
          meta: { signal: { number: 11, name: "SIGSEGV", code: 1, code_name: "SEGV_MAPERR" } },
        },
        stacktrace: {
          frames: [
            {
              instruction_addr: "0x7fff20336e00",
              package: "/usr/lib/system/libdyld.dylib",
              function: "start",
              image_addr: "0x7fff20330000",
            },
            {
              instruction_addr: "0x10a2b3c4d",
              package: "/Applications/Shop.app/Contents/MacOS/Shop",
              function: "Cart::total() const",
              symbol_addr: "0x10a2b3c00",
              image_addr: "0x10a000000",
              filename: "cart.cpp",
              lineno: 88,
              in_app: true,
            },
            {
              instruction_addr: "0x10a2b4000",
              package: "/Applications/Shop.app/Contents/MacOS/Shop",
              image_addr: "0x10a000000",
              in_app: true,
            },
          ],
          registers: { rip: "0x10a2b4000", rsp: "0x7ffee4b0", rax: "0x0" },
        },
      },
    ],
  },
  threads: {
    values: [
      { id: 1, name: "main", crashed: true },
      {
        id: 2,
        name: "network",
        state: "WAITING",
        stacktrace: {
          frames: [{ function: "poll", package: "libc.so.6", instruction_addr: "0x7f12" }],
        },
      },
    ],
  },
  debug_meta: {
    images: [
      {
        type: "macho",
        code_file: "/Applications/Shop.app/Contents/MacOS/Shop",
        debug_id: "494f3aea-88fa-4296-9644-fa8ef5d139b6",
        image_addr: "0x10a000000",
        image_size: 5242880,
      },
      {
        type: "macho",
        code_file: "/usr/lib/system/libdyld.dylib",
        debug_id: "0a1b2c3d-0000-4000-8000-000000000001",
        image_addr: "0x7fff20330000",
        image_size: 65536,
      },
    ],
  },
  contexts: {
    os: { name: "macOS", version: "15.1" },
    device: { model: "MacBookPro18,3", arch: "arm64" },
  },
})

const message = () => ({
  platform: "node",
  level: "warning",
  logger: "checkout",
  logentry: { message: "payment of %s failed after %d tries", params: ["order 4711", 3] },
  sdk: { name: "sentry.javascript.node", version: "10.55.0" },
})

const hostileText = [
  '<script>alert("x")</script>',
  "\u202Egnp.exe\u202C and \u2066isolates\u2069",
  "nul \u0000, bell \u0007, escape \u001b[31m, zero\u200bwidth",
  '"><img src=x onerror=alert(1)>',
].join(" ")

const hostile = () => ({
  platform: "javascript",
  release: '<b>1.0"</b>',
  environment: "pro<duction>",
  transaction: "javascript:alert(1)",
  user: { id: "<script>1</script>", email: "javascript:alert(1)", data: { "<k>": "<v>" } },
  request: {
    url: "javascript:alert(document.cookie)//",
    method: "GET",
    headers: [["X-<b>", "'; rm -rf / #"]],
    data: "body' with $(quotes) `and` \\ more\nlines",
  },
  exception: {
    values: [
      {
        type: "<img src=x onerror=alert(1)>",
        value: hostileText,
        mechanism: { type: "<i>", help_link: "javascript:alert(1)" },
        stacktrace: {
          frames: [
            {
              filename: "javascript:alert(1)",
              abs_path: "javascript:alert(1)",
              function: "</summary><script>alert(1)</script>",
              lineno: 1,
              colno: 2_000,
              in_app: true,
              context_line: `<script>${"x".repeat(5_000)}</script>`,
              post_context: ["if (isAdmin) { // \u202e } \u2066check\u2069"],
              vars: { __proto__x: "<b>", constructor: hostileText, html: "</td></table><script>" },
            },
          ],
        },
      },
    ],
  },
  breadcrumbs: {
    values: [{ category: "<b>", message: hostileText, data: { url: "javascript:alert(1)" } }],
  },
  tags: { "evil-tag": "<script>alert(1)</script>" },
  extra: { "</script>": hostileText, nested: { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } } },
  contexts: { "<ctx>": { type: "<ctx>", "<key>": "<value>" } },
  fingerprint: ["<script>", "{{ default }}"],
})

const huge = () => ({
  platform: "python",
  logentry: { formatted: "m".repeat(200_000) },
  extra: {
    value: "v".repeat(200_000),
    list: Array.from({ length: 5_000 }, (_, index) => `entry ${index}`),
  },
  exception: {
    values: [
      thrown("E".repeat(5_000), "x".repeat(200_000), [
        appFrame(1, { vars: { big: "y".repeat(200_000) } }),
      ]),
    ],
  },
})

const withoutTrace = () => ({
  platform: "php",
  exception: { values: [{ type: "RuntimeException", value: "no trace here" }] },
})

export const eventKinds: Record<string, () => object> = {
  typical: () => typical(),
  chained,
  group: exceptionGroup,
  deep,
  recursion,
  "100 breadcrumbs": () => typical({ breadcrumbs: { values: breadcrumbs(100) } }),
  native,
  message,
  empty: () => ({}),
  hostile,
  huge,
  "without a trace": withoutTrace,
}
