import zlib from "node:zlib"

const MIB = 1024 * 1024

/** Of each encoding: some kilobytes that become 128 MiB. */
export function bombs(): [encoding: string, body: Buffer<ArrayBuffer>][] {
  const zeros = Buffer.alloc(128 * MIB)
  const quick = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }
  return [
    ["gzip", zlib.gzipSync(zeros, { level: 1 })],
    ["deflate", zlib.deflateSync(zeros, { level: 1 })],
    ["br", zlib.brotliCompressSync(zeros, quick)],
    ["zstd", zlib.zstdCompressSync(zeros)],
  ]
}

const SPACES = " ".repeat(1_000_000)
const frame = (given: object) => ({
  exception: { values: [{ type: "E", value: "v", stacktrace: { frames: [given] } }] },
})

/** The same megabyte of spaces, in each place where an event may have a string. */
export const spaciousEvents: Record<string, object> = {
  message: { message: SPACES },
  "message with an end": { message: `a${SPACES}b` },
  logentry: { logentry: { message: `%s${SPACES}`, params: ["a"] } },
  "exception type": { exception: { values: [{ type: `E${SPACES}E`, value: "v" }] } },
  "exception value": { exception: { values: [{ type: "E", value: `v${SPACES}v` }] } },
  filename: frame({ filename: `a${SPACES}.py` }),
  abs_path: frame({ abs_path: `/a${SPACES}/b.js` }),
  function: frame({ function: `f${SPACES}(x)` }),
  module: frame({ module: `m${SPACES}m` }),
  "context line": frame({ filename: "a.js", context_line: `x${SPACES}x` }),
  variable: frame({ filename: "a.py", vars: { a: SPACES } }),
  "variable's name": frame({ filename: "a.py", vars: { [SPACES]: "b" } }),
  transaction: { transaction: `t${SPACES}t` },
  culprit: { culprit: `c${SPACES}c` },
  url: { request: { url: `https://shop.example/${SPACES}x` } },
  "query string": { request: { url: "https://shop.example/", query_string: `a=${SPACES}` } },
  "user agent": { request: { headers: [["User-Agent", `Mozilla/5.0 (${SPACES})`]] } },
  cookies: { request: { cookies: `a=${SPACES}; b=1` } },
  release: { release: `r${SPACES}1` },
  environment: { environment: `e${SPACES}e` },
  tag: { tags: { a: `x${SPACES}x` } },
  fingerprint: { fingerprint: [`f${SPACES}`, "{{ default }}"] },
  user: { user: { id: `u${SPACES}u` } },
  breadcrumb: { breadcrumbs: [{ message: `b${SPACES}b`, category: "c" }] },
  extra: { extra: { a: `password ${SPACES} secret` } },
  logger: { logger: `l${SPACES}l` },
  server: { server_name: `s${SPACES}s` },
  platform: { platform: `p${SPACES}p` },
  sdk: { sdk: { name: `n${SPACES}`, version: "1" } },
}

/** What no client should send, as the text of an event's JSON; each is stored as far as it makes sense. */
export const oddEvents: Record<string, string> = {
  "nothing at all": "{}",
  "only nulls": '{"message":null,"exception":null,"tags":null,"user":null,"request":null}',
  "NUL bytes": '{"message":"a\\u0000b","tags":{"n\\u0000":"\\u0000"},"release":"r\\u0000"}',
  "lone surrogates": '{"message":"x\\ud800y","user":{"id":"\\udc00"},"transaction":"\\udfff"}',
  __proto__:
    '{"__proto__":{"polluted":1},"message":"p","extra":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}',
  "numbers that are none":
    '{"message":"n","timestamp":1e999,"level":-0,"extra":{"a":1e400,"b":9007199254740993}}',
  "wrong types everywhere":
    '{"message":{"a":[1]},"exception":"x","tags":7,"user":[[]],"request":"r","breadcrumbs":{"values":{"a":1}},"contexts":[1],"level":{},"fingerprint":{},"platform":[],"release":{},"sdk":"s"}',
  "dates out of this world": '{"message":"d","timestamp":"+300000-01-01T00:00:00Z"}',
  "20,000 tags": JSON.stringify({
    message: "t",
    tags: Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`t${n}`, `v${n}`])),
  }),
  "1,000 exceptions": JSON.stringify({
    exception: { values: Array.from({ length: 1_000 }, () => ({ type: "E", value: "v" })) },
  }),
  "20,000 frames": JSON.stringify({
    stacktrace: { frames: Array.from({ length: 20_000 }, (_, n) => ({ function: `f${n}` })) },
  }),
}
