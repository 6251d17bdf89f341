import { join } from "node:path"
import { ICON_NAMES } from "../src/web/ui/components/icon-names.ts"

/** Takes the icons in use out of lucide-static into one committed sprite: `bun scripts/build-icons.ts`. */
const ROOT = join(import.meta.dir, "..")
const SOURCE = join(ROOT, "node_modules/lucide-static/icons")
const TARGET = join(ROOT, "src/web/ui/assets")

const symbols = await Promise.all(ICON_NAMES.map(symbolOf))
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`
await Bun.write(join(TARGET, "icons.svg"), sprite)

const license = await Bun.file(join(SOURCE, "../LICENSE")).text()
await Bun.write(join(TARGET, "NOTICE"), `icons.svg is made of icons of Lucide.\n\n${license}`)

/** Only the shapes: stroke, size and colour come from the `icon` class. */
async function symbolOf(name: string): Promise<string> {
  const svg = await Bun.file(join(SOURCE, `${name}.svg`)).text()
  const shapes = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    .replace(/\s*\n\s*/g, "")
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`
}
