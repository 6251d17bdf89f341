// Asks a visitor what happened, in the page of a customer: none of the page's names, styles and listeners are touched, nothing is
// read from it, and no cookie travels. All that may be said otherwise stands in the address that this script was loaded from.
;(() => {
  const script = document.currentScript
  const TAG = "sentry-report-dialog"
  /** Clients wait for this message to run what should happen on closing. */
  const CLOSED = "__sentry_reportdialog_closed__"
  if (!script || document.querySelector(TAG)) return
  const given = new URL(script.src).searchParams
  const words = (name, otherwise) => given.get(name) || otherwise

  const TEXTS = {
    title: words("title", "Something went wrong here."),
    subtitle: words("subtitle", "The error has been reported."),
    subtitle2: words("subtitle2", "Do you want to tell what you were doing?"),
    name: words("labelName", "Name"),
    email: words("labelEmail", "E-mail"),
    comments: words("labelComments", "What happened?"),
    close: words("labelClose", "Close"),
    submit: words("labelSubmit", "Send report"),
    failed: words("errorGeneric", "The report could not be sent. Please try again."),
    invalid: words("errorFormEntry", "Some of this cannot be right. Please look at it again."),
    sent: words("successMessage", "Thank you, your report has been sent."),
  }

  const STYLE = `
    :host { all: initial; }
    dialog { box-sizing: border-box; width: 30rem; max-width: calc(100vw - 1.5rem); max-height: calc(100vh - 1.5rem); overflow: auto;
      padding: 1.5rem; border: 1px solid #8a8f98; border-radius: .5rem; background: #fff; color: #1d2127;
      font: 16px/1.45 system-ui, sans-serif; color-scheme: light dark; }
    dialog::backdrop { background: rgb(0 0 0 / .5); }
    h2 { margin: 0 0 .25rem; font-size: 1.25rem; line-height: 1.25; }
    p { margin: 0 0 .5rem; }
    label { display: block; margin: .75rem 0 0; font-weight: 600; }
    input, textarea { box-sizing: border-box; display: block; width: 100%; margin-top: .25rem; padding: .5rem; border: 1px solid #6f7681;
      border-radius: .25rem; background: #fff; color: inherit; font: inherit; font-weight: 400; }
    textarea { min-height: 7rem; resize: vertical; }
    .wrong { margin: .25rem 0 0; color: #b3261e; font-weight: 400; }
    .buttons { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: end; margin-top: 1.25rem; }
    button { padding: .5rem 1rem; border: 1px solid #6f7681; border-radius: .25rem; background: transparent; color: inherit; font: inherit;
      cursor: pointer; }
    button[type=submit] { border-color: #1f5fbf; background: #1f5fbf; color: #fff; }
    button:disabled { opacity: .6; cursor: default; }
    :focus-visible { outline: 3px solid #6ea8fe; outline-offset: 1px; }
    @media (prefers-color-scheme: dark) {
      dialog { border-color: #6f7681; background: #1d2127; color: #e9ebee; }
      input, textarea { background: #14171c; }
      .wrong { color: #ffb4ab; }
    }`

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties)
    made.append(...children)
    return made
  }

  function field(name, control) {
    Object.assign(control, { name, id: name, value: given.get(name) ?? "" })
    const wrong = element("span", { id: `${name}-wrong`, className: "wrong" })
    return { name, control, wrong, label: element("label", {}, TEXTS[name], control, wrong) }
  }

  const fields = [
    field("name", element("input", { autocomplete: "name", maxLength: 128 })),
    field("email", element("input", { type: "email", autocomplete: "email", maxLength: 75 })),
    field("comments", element("textarea", { required: true, maxLength: 4096 })),
  ]
  const [, , comments] = fields
  const status = element("p", { className: "wrong", role: "alert" })
  const close = element("button", { type: "button" }, TEXTS.close)
  const submit = element("button", { type: "submit" }, TEXTS.submit)
  const form = element(
    "form",
    {},
    element("p", {}, TEXTS.subtitle, " ", TEXTS.subtitle2),
    ...fields.map(({ label }) => label),
    status,
    element("div", { className: "buttons" }, close, submit),
  )
  const title = element("h2", { id: "title" }, TEXTS.title)
  const dialog = element("dialog", { ariaModal: "true" }, title, form)
  dialog.setAttribute("aria-labelledby", "title")

  function say(text, errors) {
    status.textContent = text
    for (const { name, control, wrong } of fields) {
      const [first = ""] = errors?.[name] ?? []
      wrong.textContent = first
      if (first) control.setAttribute("aria-describedby", wrong.id)
      else control.removeAttribute("aria-describedby")
      control.setAttribute("aria-invalid", String(first !== ""))
    }
    fields.find(({ name }) => errors?.[name])?.control.focus()
  }

  async function send() {
    const body = new URLSearchParams(fields.map(({ name, control }) => [name, control.value]))
    const response = await fetch(script.src, { method: "POST", body, credentials: "omit" })
    if (response.ok) return thank()
    const { errors } = response.status === 400 ? await response.json() : {}
    say(errors ? TEXTS.invalid : TEXTS.failed, errors)
  }

  function thank() {
    const thanks = element("p", { id: "thanks", role: "status" }, TEXTS.sent)
    form.replaceChildren(thanks, element("div", { className: "buttons" }, close))
    // Read out with the button that takes the focus.
    close.setAttribute("aria-describedby", thanks.id)
    close.focus()
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    submit.disabled = true
    say("")
    send()
      .catch(() => say(TEXTS.failed))
      .finally(() => {
        submit.disabled = false
      })
  })
  close.addEventListener("click", () => dialog.close())
  dialog.addEventListener("close", () => {
    host.remove()
    window.postMessage(CLOSED, "*")
  })

  const host = document.createElement(TAG)
  const shadow = host.attachShadow({ mode: "open" })
  // Not a style element: the page's own policy may not allow one.
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLE)
  shadow.adoptedStyleSheets = [sheet]
  shadow.append(dialog)
  document.body.append(host)
  dialog.showModal()
  comments.control.focus()
})()
