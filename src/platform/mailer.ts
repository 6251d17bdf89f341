import { createTransport, type Transporter } from "nodemailer"
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
  const transport = createTransport(transportOptions(options))
  return {
    send: (mail) => sendOver(transport, mail, options),
    close: () => transport.close(),
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
    ...(options.username && { auth: { user: options.username, pass: options.password } }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

async function sendOver(transport: Transporter, mail: OutgoingMail, options: MailerOptions) {
  try {
    const { to, ...rest } = mail
    // An address object, never a parsed string: a comma in it must not make a second recipient.
    const info = await transport.sendMail({ ...rest, to: { name: "", address: to } })
    return String(info.response ?? "sent")
  } catch (error) {
    throw new MailError(explained(error, options), isPermanent(error), error)
  }
}

type SmtpFault = { code?: string; responseCode?: number; response?: string }

function faultOf(error: unknown): SmtpFault {
  return typeof error === "object" && error !== null ? (error as SmtpFault) : {}
}

/** 5xx to this recipient or message; wrong passwords and certificates can be mended, so they are tried again. */
function isPermanent(error: unknown): boolean {
  const { code, responseCode = 0 } = faultOf(error)
  return (code === "EENVELOPE" || code === "EMESSAGE") && responseCode >= 500
}

/** What an operator can act on, with the server's own words where there are any. */
function explained(error: unknown, options: MailerOptions): string {
  const { code = "", response } = faultOf(error)
  const server = `${options.host}:${options.port}`
  const words = response ? `: ${response}` : ""
  if (code === "EAUTH") {
    return `${server} refused the log-in (mail.username, mail.password)${words}`
  }
  if (code === "ETLS") {
    return `${server} does not offer STARTTLS, which mail.use-tls requires (${messageOf(error)})`
  }
  if (code === "EDNS" || messageOf(error).includes("ENOTFOUND")) {
    return `${options.host} has no address (mail.host)`
  }
  if (/ECONNREFUSED|Failed to connect/i.test(messageOf(error))) {
    return `${server} refused the connection (mail.host, mail.port)`
  }
  if (code === "ETIMEDOUT" || /timeout/i.test(messageOf(error))) {
    return `${server} did not answer within ${options.timeoutSeconds} s (mail.host, mail.port, mail.timeout; use-ssl on a plain port hangs like this)`
  }
  if (/certificate|self.signed|SSL|wrong version/i.test(messageOf(error))) {
    return `TLS with ${server} failed (mail.use-ssl is for port 465, mail.use-tls for 587): ${messageOf(error)}`
  }
  return `${server}${words || `: ${messageOf(error)}`}`
}

function printed(mail: OutgoingMail): string {
  return `--- mail to ${mail.to}: ${mail.subject}\n${mail.text}\n---\n`
}
