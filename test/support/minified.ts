import { encode } from "@jridgewell/sourcemap-codec"

export const ORIGINAL = [
  "export function addToBasket(item) {",
  '  throw new RangeError("no such " + item)',
  "}",
  "",
  'addToBasket("pear")',
].join("\n")

export const MINIFIED = 'function a(b){throw new RangeError("no such "+b)}a("pear");'

/** Of MINIFIED: the throw is at column 15, the call at column 50, counted from 1. */
export const mapOf = (source = "webpack:///./src/basket.js", more: object = {}) =>
  JSON.stringify({
    version: 3,
    sources: [source],
    sourcesContent: [ORIGINAL],
    names: ["addToBasket", "item"],
    mappings: encode([
      [
        [0, 0, 0, 7],
        [9, 0, 0, 16, 0],
        [14, 0, 1, 2],
        [49, 0, 4, 0, 0],
        [51, 0, 4, 12],
      ],
    ]),
    ...more,
  })

type Place = {
  abs_path: string
  line?: number
  column?: number
  function?: string
  in_app?: boolean
}

/** What a browser sends of an error in MINIFIED. */
export function minifiedEvent(
  { abs_path, line = 1, column = 15, function: name = "a", in_app = true }: Place,
  more: object = {},
) {
  const frame = (colno: number, called: string) => ({
    abs_path,
    filename: abs_path,
    lineno: line,
    colno,
    function: called,
    in_app,
  })
  return {
    platform: "javascript",
    exception: {
      values: [
        {
          type: "RangeError",
          value: "no such pear",
          stacktrace: { frames: [frame(50, "?"), frame(column, name)] },
        },
      ],
    },
    ...more,
  }
}

export const sourceMapImage = (file: string, id: string) => ({
  debug_meta: { images: [{ type: "sourcemap", code_file: file, debug_id: id }] },
})
