import { Command } from "commander"
import { checkedEmail } from "#accounts/users/account.ts"
import { type Config, publicAddress } from "#config.ts"
import { automaticHeaders } from "#mail/headers.ts"
import type { OutgoingMail } from "#platform/mailer.ts"
import { contextOf } from "../context.ts"
import { withStoredOptions } from "../database.ts"
import { CommandFailed, EXIT } from "../exit.ts"
import { say } from "../terminal.ts"

export function sendTestEmailCommand(): Command {
  return new Command("send-test-email")
    .description("send a mail at once, past the queue, and tell what the SMTP server says")
    .argument("<to>", "whom to")
    .action(async (to: string, _flags: object, command: Command) => {
      const recipient = checkedEmail(to)
      const context = contextOf(command)
      await withStoredOptions(context)
      const reply = await send(context.config, recipient)
      say(`Sent to ${recipient}: ${reply}`)
    })
}

async function send(config: Config, recipient: string): Promise<string> {
  const { configuredMailer, senderAddress } = await import("#mail/send.ts")
  const { MailError } = await import("#platform/mailer.ts")
  const mailer = configuredMailer({ config })
  try {
    return await mailer.send(testMailTo(config, recipient, senderAddress(config["mail.from"])))
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    throw new CommandFailed(EXIT.failure, error.message)
  } finally {
    mailer.close()
  }
}

function testMailTo(config: Config, recipient: string, sender: string): OutgoingMail {
  const { host, hostname } = new URL(publicAddress(config))
  const sentence = `Mail from sentry-lite on ${host} works.`
  return {
    from: { name: "sentry-lite", address: sender },
    to: recipient,
    subject: `${config["mail.subject-prefix"]}${sentence}`,
    text: `${sentence}\n\nSent by "sentry-lite send-test-email".\n`,
    html: `<p>${sentence}</p>\n<p>Sent by <code>sentry-lite send-test-email</code>.</p>\n`,
    messageId: `<test.${crypto.randomUUID()}@${hostname}>`,
    headers: automaticHeaders("test"),
  }
}
