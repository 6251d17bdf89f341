import { htmlOf, paragraphs, type RenderedMail } from "../rendered.ts"
import { Button, Facts, Footer, Lead, MailPage, Title } from "./parts.tsx"

export function resetMail(mail: {
  link: string
  validMinutes: number
  ip: string
  userAgent: string
}): RenderedMail {
  const validity = `The link works once and for ${mail.validMinutes} minutes.`
  const origin = `Asked for from ${mail.ip || "an unknown address"} with ${mail.userAgent || "an unknown program"}.`
  const ignore = "If this was not you, ignore this mail: your password stays as it is."
  return {
    text: paragraphs("Set a new password:", mail.link, validity, origin, ignore),
    html: htmlOf(
      <MailPage title="Reset your password" preheader={validity}>
        <Title>Reset your password</Title>
        <Lead>{validity}</Lead>
        <Button href={mail.link}>Set a new password</Button>
        <Footer reason={`${origin} ${ignore}`} links={[]} />
      </MailPage>,
    ),
  }
}

export function inviteMail(mail: {
  link: string
  inviter: string
  organization: string
  role: string
  expires: string
}): RenderedMail {
  const sentence = `${mail.inviter} invited you to ${mail.organization} as ${mail.role}.`
  const validity = `The invitation is open until ${mail.expires}.`
  return {
    text: paragraphs(
      sentence,
      `Accept: ${mail.link}`,
      `${validity} Ask ${mail.inviter} when it has run out.`,
    ),
    html: htmlOf(
      <MailPage title={sentence} preheader={validity}>
        <Title>{`Join ${mail.organization}`}</Title>
        <Lead>{sentence}</Lead>
        <Button href={mail.link}>Accept the invitation</Button>
        <Footer reason={`${validity} Ask ${mail.inviter} when it has run out.`} links={[]} />
      </MailPage>,
    ),
  }
}

/** Shows its own way, because a mail that arrives proves each step of it. */
export function testMail(mail: {
  host: string
  queuedAt: string
  takenAt: string
  requestedBy: string
}): RenderedMail {
  const sentence = `Mail from sentry-lite on ${mail.host} works.`
  const steps = [
    ["queued", mail.queuedAt],
    ["taken by a worker", mail.takenAt],
    ["asked for by", mail.requestedBy],
  ] as const
  return {
    text: paragraphs(sentence, steps.map(([step, at]) => `${step}: ${at}`).join("\n")),
    html: htmlOf(
      <MailPage
        title={sentence}
        preheader="It went through the queue, a worker and your SMTP server"
      >
        <Title>{sentence}</Title>
        <Facts facts={steps} />
      </MailPage>,
    ),
  }
}
