/** highlight.js names by file ending. */
const BY_ENDING: Record<string, string> = {
  py: "python",
  pyx: "python",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsx: "javascript",
  vue: "xml",
  svelte: "xml",
  ts: "typescript",
  tsx: "typescript",
  mts: "typescript",
  rb: "ruby",
  erb: "ruby",
  php: "php",
  go: "go",
  java: "java",
  kt: "kotlin",
  kts: "kotlin",
  scala: "scala",
  cs: "csharp",
  rs: "rust",
  swift: "swift",
  m: "objectivec",
  mm: "objectivec",
  c: "c",
  h: "c",
  cc: "cpp",
  cpp: "cpp",
  cxx: "cpp",
  hpp: "cpp",
  ex: "elixir",
  exs: "elixir",
  dart: "dart",
  pl: "perl",
  lua: "lua",
  sql: "sql",
  html: "xml",
}

const BY_PLATFORM: Record<string, string> = {
  python: "python",
  javascript: "javascript",
  node: "javascript",
  ruby: "ruby",
  php: "php",
  go: "go",
  java: "java",
  csharp: "csharp",
  rust: "rust",
  cocoa: "swift",
  objc: "objectivec",
  swift: "swift",
  c: "c",
  native: "cpp",
  elixir: "elixir",
  dart: "dart",
  perl: "perl",
}

/** The language of a source line; null means plain text. Never guessed from the text itself. */
export function languageOf(file: string | undefined, platform: string): string | null {
  const ending = /\.([a-z]{1,6})$/i.exec(file ?? "")?.[1]?.toLowerCase() ?? ""
  return lookUp(BY_ENDING, ending) ?? lookUp(BY_PLATFORM, platform)
}

function lookUp(table: Record<string, string>, key: string): string | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null
}
