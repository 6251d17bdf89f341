import { partsOf } from "./urls.ts"

const FOLDER_OF_NO_MEANING =
  /^(?:scripts?|javascripts?|js|build|static|node_modules|bower_components|[_.~].*|v?\d+(?:\.\d+){0,9}|[0-9a-f]{7,8}|[0-9a-f]{32}|[0-9a-f]{40})$/i
const REVISION = /^(?:[0-9a-f]{32}|[0-9a-f]{40})$/i
const BUILD_SUFFIX = /[-.][0-9a-f]{7,40}$/i
const EXTENSION = /\.[^./]{1,16}$/
const WEBPACK = /^webpack(?:-internal)?:\/\/[^/]*\//
const TURBOPACK = /^turbopack:\/\/[^/]*\/(?:\[project\]\/)?/
const HAS_MODULE = /^(?:https?|webpack|webpack-internal|turbopack|app):/

/** `cart/add` of `https://shop.test/static/js/v2.1/cart/add.min.js?v=9`: what stays the same from build to build. */
export function moduleOf(url: string): string {
  const segments = partsOf(url)
    .path.replace(EXTENSION, "")
    .replace(/\.min$/, "")
    .split("/")
  const revision = segments.findIndex((name) => REVISION.test(name))
  if (revision !== -1 && revision < segments.length - 1) {
    return withoutBuild(segments.slice(revision + 1))
  }
  const first = segments.findIndex((name) => name !== "" && !FOLDER_OF_NO_MEANING.test(name))
  const lastNames = segments.filter((name) => name !== "").slice(-1)
  return withoutBuild(first === -1 ? lastNames : segments.slice(first))
}

function withoutBuild(segments: readonly string[]): string {
  return segments.join("/").replace(BUILD_SUFFIX, "")
}

/** How bundlers' made-up addresses are shown: `./src/App.tsx` of `webpack://shop/./src/App.tsx`. */
export function bundlerPath(url: string): string | null {
  if (WEBPACK.test(url)) {
    const vendor = url.indexOf("/~/")
    return vendor === -1 ? url.replace(WEBPACK, "") : url.slice(vendor + 1)
  }
  return TURBOPACK.test(url) ? url.replace(TURBOPACK, "") : null
}

export type SourcePlace = { absPath: string; filename: string; module: string | undefined }

/** What a frame says of its file, once the file is a source of a map. */
export function sourcePlace(absPath: string, name: string): SourcePlace {
  const shown = bundlerPath(absPath)
  if (shown !== null) return { absPath, filename: shown, module: moduleOf(shown) }
  return {
    absPath,
    filename: name,
    module: HAS_MODULE.test(absPath) ? moduleOf(absPath) : undefined,
  }
}

/** Code of packages, whatever the bundler made of its path. */
export function isPackagePath(path: string): boolean {
  return path.startsWith("~/") || path.includes("/~/") || /(?:^|\/)node_modules\//.test(path)
}
