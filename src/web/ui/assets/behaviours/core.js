// Marks that script runs: what needs it becomes visible.
document.documentElement.dataset.script = "on"

/** Says something to eye and screen reader; stays while it has focus or the pointer. */
function toast(text) {
  const region = document.querySelector("[data-toasts]")
  if (!region) return
  const note = document.createElement("div")
  note.className = "toast"
  note.textContent = text
  region.replaceChildren(note)
  const leave = () =>
    note.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : note.remove()
  setTimeout(leave, 4000)
}
document.addEventListener("app:toast", (event) => toast(event.detail))

async function copyFrom(button) {
  const source = document.querySelector(button.dataset.copy)
  if (!source) return
  const text = source.dataset.copyText ?? source.value ?? source.textContent
  const label = [...button.childNodes]
  try {
    await navigator.clipboard.writeText(text)
    button.textContent = "Copied"
    toast("Copied")
    setTimeout(() => {
      button.replaceChildren(...label)
    }, 1500)
  } catch {
    // Plain http has no clipboard API.
    getSelection()?.selectAllChildren(source)
    toast("Press Ctrl+C to copy what is selected")
  }
}

function remember(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : ""
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`
}

function toggleTheme() {
  const root = document.documentElement
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"
  const now = root.dataset.theme === "system" ? system : root.dataset.theme
  root.dataset.theme = now === "dark" ? "light" : "dark"
  remember("sl_theme", root.dataset.theme)
}

function toggleDensity() {
  const root = document.documentElement
  root.dataset.density = root.dataset.density === "compact" ? "comfortable" : "compact"
  remember("sl_density", root.dataset.density)
}

document.addEventListener("app:theme", toggleTheme)
document.addEventListener("app:density", toggleDensity)

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false
  }
  const button = target?.closest("button")
  if (button?.dataset.copy !== undefined) void copyFrom(button)
  if (button?.dataset.opens !== undefined)
    document.getElementById(button.dataset.opens)?.showModal()
  if (button?.dataset.closes !== undefined) button.closest("dialog")?.close()
  if (button?.hasAttribute("data-theme-toggle")) toggleTheme()
  if (button?.hasAttribute("data-density-toggle")) toggleDensity()
})

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return
  const menu = document.querySelector("details.menu[open]")
  if (!menu) return
  menu.open = false
  menu.querySelector("summary")?.focus()
})

/** `4m ago`: the same steps as times.ts; after seven days the server's date stays. */
function relative(age) {
  const minutes = Math.floor(age / 60_000)
  if (minutes < 1) return "just now"
  if (minutes < 60) return `${minutes}m ago`
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ago`
  return minutes < 10_080 ? `${Math.floor(minutes / 1440)}d ago` : null
}

function refreshTimes() {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const age = Date.now() - Date.parse(time.dateTime)
    const text = age < -60_000 ? null : relative(age)
    if (text && time.textContent !== text) time.textContent = text
  }
}
setInterval(() => document.hidden || refreshTimes(), 30_000)

/** What is being written survives a reload or an expired session; gone once it is sent. */
const draftKey = (field) => `draft:${field.dataset.draft}`
for (const field of document.querySelectorAll("[data-draft]")) {
  field.value ||= sessionStorage.getItem(draftKey(field)) ?? ""
}
document.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLTextAreaElement && target.dataset.draft)
    sessionStorage.setItem(draftKey(target), target.value)
})
document.addEventListener("submit", ({ target }) => {
  for (const field of target.querySelectorAll("[data-draft]"))
    sessionStorage.removeItem(draftKey(field))
})
