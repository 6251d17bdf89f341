// Asks every 20 s, while the page is looked at, whether anything changed; 204 means no. Rows never move: new issues raise a pill.
const SECOND = 1000
const MINUTE = 60 * SECOND
const EVERY = 20 * SECOND
const EVERY_WHEN_IDLE = 2 * MINUTE
const IDLE_AFTER = 10 * MINUTE
const STOP_AFTER = 60 * MINUTE
let lastInput = Date.now()
let timer = 0

for (const kind of ["pointerdown", "keydown", "scroll"]) {
  addEventListener(
    kind,
    () => {
      const wasStopped = Date.now() - lastInput > STOP_AFTER
      lastInput = Date.now()
      if (wasStopped) schedule()
    },
    { passive: true },
  )
}

const region = () => document.querySelector("[data-poll]")

async function ask() {
  const place = region()
  if (!place || document.hidden) return
  const url = new URL(place.dataset.poll, location.href)
  url.searchParams.set("since", place.dataset.since)
  for (const row of place.querySelectorAll("[data-row]"))
    url.searchParams.append("id", row.dataset.row)
  try {
    const answer = await fetch(url, { headers: { accept: "application/json" } })
    if (answer.status === 200) show(place, await answer.json())
  } catch {
    // Away for a moment; the next round asks again.
  }
}

function show(place, { token, news, events }) {
  place.dataset.since = token
  for (const [id, total] of Object.entries(events)) {
    const cell = place.querySelector(`[data-row="${CSS.escape(id)}"] [data-events]`)
    if (cell) cell.textContent = total.toLocaleString("en")
  }
  const pill = place.querySelector("[data-pill]")
  if (!pill || news === 0) return
  pill.hidden = false
  pill.textContent = `${news > 99 ? "99+" : news} ${pill.dataset.pill || "new · show"}`
  const icon = document.querySelector("link[rel=icon][data-news]")
  if (icon) icon.href = icon.dataset.news
}

function schedule() {
  clearTimeout(timer)
  const idle = Date.now() - lastInput
  if (!region() || idle > STOP_AFTER) return
  timer = setTimeout(
    async () => {
      await ask()
      schedule()
    },
    idle > IDLE_AFTER ? EVERY_WHEN_IDLE : EVERY,
  )
}

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("button[data-pill]"))
    location.reload()
})
schedule()
