// Single keys press what carries data-key; `g` and a letter follows data-go. Off inside fields and by preference.
const root = document.documentElement
let isGoing = false

const isTyping = (target) =>
  target instanceof Element &&
  target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")

const visible = (element) => element.getClientRects().length > 0

/** event.key, never event.code: the letter that is printed on the key, on every keyboard. */
function find(attribute, key) {
  const matches = document.querySelectorAll(`[${attribute}="${CSS.escape(key)}"]`)
  return [...matches].find(visible) ?? (attribute === "data-key" ? matches[0] : undefined)
}

function focusSearch() {
  const field = document.querySelector('[data-shortcut="search"]') ?? jumpBox()
  field?.focus()
  field?.select()
}

function jumpBox() {
  return document.querySelector('[data-shortcut="jump"]')
}

const PAGE_KEYS = {
  "/": focusSearch,
  d: () => document.dispatchEvent(new CustomEvent("app:density")),
  D: () => document.dispatchEvent(new CustomEvent("app:theme")),
  "?": showHelp,
}

function press(key) {
  if (Object.hasOwn(PAGE_KEYS, key)) return PAGE_KEYS[key]() ?? true
  const element = find("data-key", key)
  if (!element) return false
  document.dispatchEvent(new CustomEvent("app:before-key", { detail: element }))
  if (element.matches("summary")) {
    element.parentElement.open = true
    element.focus()
  } else element.click()
  return true
}

document.addEventListener("keydown", (event) => {
  const isPalette = event.key.toLowerCase() === "k" && (isMac() ? event.metaKey : event.ctrlKey)
  if (isPalette && !isTyping(event.target)) {
    event.preventDefault()
    jumpBox()?.focus()
    return
  }
  if (event.key === "Escape" && isTyping(event.target)) event.target.blur()
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing
  if (!isPlain || root.dataset.shortcuts === "off" || isTyping(event.target)) return
  if (document.querySelector("dialog[open]")) return
  const wasGoing = isGoing
  isGoing = event.key === "g" && !wasGoing
  const handled = wasGoing ? find("data-go", event.key)?.click() === undefined : press(event.key)
  if (handled && !isGoing && event.key.length === 1) event.preventDefault()
})

function isMac() {
  return /Mac|iP(?:hone|ad)/.test(navigator.platform)
}

/** What can be pressed on this page, read from the page itself. */
function showHelp() {
  const dialog = document.querySelector("[data-help-dialog]")
  const list = dialog?.querySelector("[data-help-list]")
  if (!list) return
  const entries = [
    ...[...document.querySelectorAll("[data-key]")].map((element) => [
      element.dataset.key,
      name(element),
    ]),
    ...[...document.querySelectorAll("[data-go]")].map((element) => [
      `g ${element.dataset.go}`,
      name(element),
    ]),
  ]
  list.replaceChildren(...entries.flatMap(([key, text]) => [term("dt", key), term("dd", text)]))
  dialog.showModal()
}

function name(element) {
  return (element.getAttribute("aria-label") ?? element.textContent).trim()
}

function term(tag, text) {
  const element = document.createElement(tag)
  const inner = tag === "dt" ? element.appendChild(document.createElement("kbd")) : element
  inner.textContent = text
  return element
}

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-help]")) showHelp()
})
