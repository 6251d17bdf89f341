import { readFileSync } from "node:fs"
import { rootCertificates } from "node:tls"
import { createTransport } from "nodemailer"
import { messageOf } from "./errors.ts"

export type OutgoingMail = {
  from: { name: string; address: string }
  to: string
  subject: string
  text: string
  html: string
  messageId: string
  headers: Record<string, string>
  inReplyTo?: string
  references?: string
}

export type MailerOptions = {
  /** console prints to stderr, dummy throws away. */
  backend: "smtp" | "console" | "dummy"
  host: string
  port: number
  username: string
  password: string
  /** STARTTLS is required. */
  useTls: boolean
  /** TLS from the first byte. */
  useSsl: boolean
  /** PEM file of authorities to believe beside the well-known ones; "" = none. Certificates are always checked. */
  caFile: string
  timeoutSeconds: number
}

/** The server said no, or could not be spoken to. `isPermanent`: trying again cannot help. */
export class MailError extends Error {
  readonly isPermanent: boolean

  constructor(message: string, isPermanent: boolean, cause: unknown) {
    super(message, { cause })
    this.name = "MailError"
    this.isPermanent = isPermanent
  }
}

export type Mailer = {
  /** Resolves with the server's last words ("250 2.0.0 Ok: queued as 4F3"); throws MailError. */
  send(mail: OutgoingMail): Promise<string>
  close(): void
}

export function createMailer(options: MailerOptions): Mailer {
  if (options.backend === "smtp") return smtpMailer(options)
  return {
    async send(mail) {
      if (options.backend === "console") process.stderr.write(printed(mail))
      return `${options.backend}: not sent`
    },
    close() {},
  }
}

function smtpMailer(options: MailerOptions): Mailer {
  return {
    send: (mail) => sendOver(options, mail),
    close() {},
  }
}

function transportOptions(options: MailerOptions) {
  const timeout = options.timeoutSeconds * 1000
  return {
    host: options.host,
    port: options.port,
    secure: options.useSsl,
    requireTLS: options.useTls,
    // Without use-tls a local relay with a self-made certificate must work as it does for Sentry.
    ignoreTLS: !options.useTls,
    ...(options.caFile && { tls: { ca: authorities(options.caFile) } }),
    ...(options.username && { auth: { user: options.username, pass: options.password } }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** Read for each mail, so that a renewed file needs no restart. */
function authorities(file: string): string[] {
  try {
    return [...rootCertificates, readFileSync(file, "utf8")]
  } catch (error) {
    throw new MailError(`mail.ca-file cannot be read: ${messageOf(error)}`, false, error)
  }
}

async function sendOver(options: MailerOptions, mail: OutgoingMail) {
  const transport = createTransport(transportOptions(options))
  try {
    const { to, ...rest } = mail
    // An address object, never a parsed string: a comma in it must not make a second recipient.
    const info = await transport.sendMail({ ...rest, to: { name: "", address: to } })
    return String(info.response ?? "sent")
  } catch (error) {
    throw new MailError(explained(error, options), isPermanent(error), error)
  } finally {
    transport.close()
  }
}

type SmtpFault = { code?: string; responseCode?: number; response?: string }

function faultOf(error: unknown): SmtpFault {
  return typeof error === "object" && error !== null ? (error as SmtpFault) : {}
}

/** "Authentication required", said to the sender's address: a matter of configuration, as a wrong password is. */
const LOGIN_WANTED = new Set([530, 534, 538])

/** 5xx to this recipient or message; wrong passwords and certificates can be mended, so they are tried again. */
function isPermanent(error: unknown): boolean {
  const { code, responseCode = 0 } = faultOf(error)
  if (LOGIN_WANTED.has(responseCode)) return false
  return (code === "EENVELOPE" || code === "EMESSAGE") && responseCode >= 500
}

type Fault = { code: string; responseCode: number; message: string; words: string; server: string }
type Explanation = [applies: (fault: Fault) => boolean, text: (fault: Fault) => string]

/** What an operator can act on; the first that applies. */
const explanations: Explanation[] = [
  [
    ({ responseCode }) => LOGIN_WANTED.has(responseCode),
    ({ server, words }) => `${server} wants a log-in (mail.username, mail.password)${words}`,
  ],
  [
    ({ code }) => code === "EAUTH",
    ({ server, words }) => `${server} refused the log-in (mail.username, mail.password)${words}`,
  ],
  [
    ({ message }) => /certificate|self.signed|altname/i.test(message),
    ({ server, message }) =>
      `TLS with ${server} failed, its certificate is not to be believed (mail.ca-file names an authority of your own): ${message}`,
  ],
  [
    ({ code }) => code === "ETLS",
    ({ server, message }) =>
      `${server} does not offer STARTTLS, which mail.use-tls requires (${message})`,
  ],
  [
    ({ code, message }) => code === "EDNS" || message.includes("ENOTFOUND"),
    ({ server }) => `${server.replace(/:\d+$/, "")} has no address (mail.host)`,
  ],
  [
    ({ message }) => /ECONNREFUSED|Failed to connect/i.test(message),
    ({ server }) => `${server} refused the connection (mail.host, mail.port)`,
  ],
  [
    ({ code, message }) => code === "ETIMEDOUT" || /timeout/i.test(message),
    ({ server }) =>
      `${server} did not answer in time (mail.host, mail.port, mail.timeout; mail.use-ssl on a plain port hangs like this)`,
  ],
  [
    ({ message }) => /SSL|wrong version/i.test(message),
    ({ server, message }) =>
      `TLS with ${server} failed (mail.use-ssl is for port 465, mail.use-tls for 587): ${message}`,
  ],
]

function explained(error: unknown, options: MailerOptions): string {
  if (error instanceof MailError) return error.message
  const { code = "", responseCode = 0, response } = faultOf(error)
  const message = messageOf(error)
  const words = response ? `: ${response}` : ""
  const server = `${options.host}:${options.port}`
  const fault = { code, responseCode, message, words, server }
  const known = explanations.find(([applies]) => applies(fault))
  return known ? known[1](fault) : `${server}${words || `: ${message}`}`
}

function printed(mail: OutgoingMail): string {
  return `--- mail to ${mail.to}: ${mail.subject}\n${mail.text}\n---\n`
}
