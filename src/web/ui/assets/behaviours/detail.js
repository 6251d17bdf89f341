// Comforts of an event's page: what is folded stays folded, filters, copying from an address, sending with Ctrl+Enter.

// Only names of sections are kept, never data of an event.
const REMEMBERED = "folded-sections"

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED)) ?? {}
  } catch {
    return {}
  }
}

const states = remembered()
for (const section of document.querySelectorAll("details[data-remember]")) {
  const state = states[section.dataset.remember]
  if (state !== undefined) section.open = state
}

document.addEventListener(
  "toggle",
  ({ target }) => {
    const name = target instanceof HTMLDetailsElement && target.dataset.remember
    if (!name || states[name] === target.open) return
    states[name] = target.open
    localStorage.setItem(REMEMBERED, JSON.stringify(states))
  },
  true,
)

/** A link to something folded opens it. */
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1))
  if (!target) return
  const inside = target.querySelector(":scope > details")
  if (inside) inside.open = true
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details"))
    fold.open = true
  target.scrollIntoView()
}
addEventListener("hashchange", openTarget)
openTarget()

/** Rows without the words are hidden; folds above what is left open. */
function filter(field) {
  const words = field.value.trim().toLowerCase()
  for (const row of document.querySelectorAll(field.dataset.filters)) {
    row.hidden = words !== "" && !row.textContent.toLowerCase().includes(words)
    const fold = row.closest("details.frame")
    if (fold && words !== "" && !row.hidden) fold.open = true
  }
}
document.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLInputElement && target.dataset.filters) filter(target)
})
// Enter in a menu's filter must not press the menu's first button.
document.addEventListener("keydown", (event) => {
  const { target } = event
  if (event.key !== "Enter") return
  if (target instanceof HTMLInputElement && target.dataset.filters) event.preventDefault()
  if (target instanceof HTMLTextAreaElement && (event.ctrlKey || event.metaKey))
    target.form?.requestSubmit(target.form.querySelector("button:not([type=button])"))
})

async function copyFrom(button) {
  const tell = (text) => document.dispatchEvent(new CustomEvent("app:toast", { detail: text }))
  try {
    const answer = await fetch(button.dataset.copyFrom)
    if (!answer.ok) throw new Error(answer.statusText)
    await navigator.clipboard.writeText(await answer.text())
    tell("Copied")
  } catch {
    location.assign(button.dataset.copyFrom)
  }
}

function unfold(button) {
  const frames = [...button.closest("section").querySelectorAll("details.frame")]
  const open = frames.some((frame) => !frame.open)
  for (const frame of frames) frame.open = open
  button.textContent = open ? "Close all" : "Open all"
}

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element && target.closest("button")
  if (button?.dataset.copyFrom) void copyFrom(button)
  if (button?.hasAttribute("data-unfold")) unfold(button)
})
