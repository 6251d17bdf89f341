// Ticking, moving and acting in a list of issues. Everything here is also reachable by mouse and by Tab.
const rows = () => [...document.querySelectorAll("[data-row]")]
const box = (row) => row.querySelector('input[name="id"]')
const link = (row) => row.querySelector("a[href]")
const current = () => document.activeElement?.closest("[data-row]")
let lastTicked = null

function count() {
  const all = rows()
  const ticked = all.filter((row) => box(row).checked)
  const note = document.querySelector("[data-tick-count]")
  if (note) note.textContent = ticked.length > 0 ? `${ticked.length} selected` : ""
  const master = document.querySelector("[data-tick-all]")
  if (!master) return
  master.checked = all.length > 0 && ticked.length === all.length
  master.indeterminate = ticked.length > 0 && ticked.length < all.length
}

/** Shift extends from the row ticked before. */
function tick(row, isRange) {
  const all = rows()
  const from = all.indexOf(lastTicked)
  const to = all.indexOf(row)
  if (isRange && from >= 0) {
    const state = box(row).checked
    for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1))
      box(each).checked = state
  }
  lastTicked = row
  count()
}

function tickAll(state) {
  for (const row of rows()) box(row).checked = state
  count()
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof HTMLInputElement)) return
  const row = event.target.closest("[data-row]")
  if (row && event.target.name === "id") tick(row, event.shiftKey)
  if (event.target.hasAttribute("data-tick-all")) tickAll(event.target.checked)
})

/** The preview comes as a row of its own when it is first opened; from then on it is only hidden. */
async function togglePreview(row) {
  const chevron = row.querySelector("[data-preview]")
  if (chevron.ariaBusy === "true") return
  let preview = row.nextElementSibling
  if (preview?.matches(".stream-preview")) preview.hidden = !preview.hidden
  else {
    chevron.ariaBusy = "true"
    const answer = await fetch(chevron.dataset.preview).catch(() => null)
    chevron.ariaBusy = null
    if (!answer?.ok) return location.assign(chevron.href)
    row.insertAdjacentHTML("afterend", await answer.text())
    preview = row.nextElementSibling
  }
  chevron.ariaExpanded = String(!preview.hidden)
}

document.addEventListener("click", (event) => {
  const chevron = event.target instanceof Element && event.target.closest("[data-preview]")
  if (!chevron || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  void togglePreview(chevron.closest("[data-row]"))
})

function move(step) {
  const all = rows()
  const at = all.indexOf(current())
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step]
  if (!next) return
  link(next).focus()
  next.scrollIntoView({ block: "nearest" })
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => current() && link(current()).click(),
  "*": () => tickAll(!rows().every((row) => box(row).checked)),
}

function tickCurrent(isRange) {
  const row = current()
  if (!row) return
  box(row).checked = !box(row).checked
  tick(row, isRange)
}

document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
  const isTyping =
    event.target instanceof Element &&
    event.target.matches("input:not([type=checkbox]), textarea, select")
  if (!isPlain || isTyping || rows().length === 0) return
  if (document.documentElement.dataset.shortcuts === "off") return
  if (event.key.toLowerCase() === "x") tickCurrent(event.shiftKey)
  else if (event.key === " " && current() && event.target.matches("a")) {
    event.preventDefault()
    void togglePreview(current())
  } else KEYS[event.key]?.()
})

// A key that acts means the row one stands on when nothing is ticked.
document.addEventListener("app:before-key", (event) => {
  const row = current()
  const form = event.detail.closest("[data-bulk]")
  if (!form || !row || rows().some((each) => box(each).checked)) return
  box(row).checked = true
  count()
})

// Coming back with the browser's button restores ticks without an event.
addEventListener("pageshow", count)
