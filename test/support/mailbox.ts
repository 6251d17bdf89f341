import { afterAll } from "bun:test"
import { type ParsedMail, simpleParser } from "mailparser"
import { SMTPServer } from "smtp-server"
import { until } from "./services.ts"

/** A mail as it came: the envelope of SMTP, and what a mail program would show. */
export type CaughtMail = { from: string; to: string[]; mail: ParsedMail; raw: string }

export type Mailbox = {
  port: number
  messages: CaughtMail[]
  /** The first mail that fits, waiting for it. */
  waitFor(what: string, fits: (caught: CaughtMail) => boolean): Promise<CaughtMail>
  clear(): void
  stop(): Promise<void>
}

export type MailboxOptions = {
  /** Only who logs in with these may send. */
  login?: { user: string; password: string }
  /** SMTP answer with which every recipient is refused, as 550. */
  refuseWith?: number
  /** How it speaks TLS; absent: not at all. */
  tls?: { key: string; cert: string; from: "start" | "starttls" }
  /** Absent: a free port. */
  port?: number
}

/** An SMTP server on a free port that keeps what it is sent; stopped in afterAll. */
export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const messages: CaughtMail[] = []
  const { tls } = options
  const server = new SMTPServer({
    ...(tls && { key: tls.key, cert: tls.cert, secure: tls.from === "start" }),
    authOptional: options.login === undefined,
    allowInsecureAuth: true,
    disabledCommands: [
      ...(tls?.from === "starttls" ? [] : ["STARTTLS"]),
      ...(options.login ? [] : ["AUTH"]),
    ],
    onAuth: ({ username, password }, _session, done) => {
      const { login } = options
      const isRight = username === login?.user && password === login?.password
      done(isRight ? null : new Error("wrong user or password"), { user: username })
    },
    onRcptTo: (_address, _session, done) => {
      if (options.refuseWith === undefined) return done()
      done(Object.assign(new Error("no such mailbox"), { responseCode: options.refuseWith }))
    },
    onData: (stream, session, done) => {
      void keep(stream, session.envelope)
        .then((caught) => messages.push(caught))
        .then(() => done(), done)
    },
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve))
  server.on("error", () => {})
  const address = server.server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  let stopping: Promise<void> | null = null
  const stop = () => {
    stopping ??= new Promise<void>((resolve) => server.close(resolve))
    return stopping
  }
  afterAll(stop)
  return {
    port: address.port,
    messages,
    waitFor: (what, fits) => firstMail(messages, what, fits),
    clear: () => void messages.splice(0),
    stop,
  }
}

async function keep(
  stream: NodeJS.ReadableStream,
  envelope: { mailFrom: false | { address: string }; rcptTo: { address: string }[] },
): Promise<CaughtMail> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  const bytes = Buffer.concat(chunks)
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : "",
    to: envelope.rcptTo.map(({ address }) => address),
    mail: await simpleParser(bytes),
    raw: bytes.toString(),
  }
}

async function firstMail(
  messages: CaughtMail[],
  what: string,
  fits: (caught: CaughtMail) => boolean,
): Promise<CaughtMail> {
  let found: CaughtMail | undefined
  await until(`the mail: ${what}`, () => {
    found = messages.find(fits)
    return found !== undefined
  })
  if (!found) throw new Error(what)
  return found
}
