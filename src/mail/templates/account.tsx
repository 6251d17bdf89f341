import { htmlOf, paragraphs, type RenderedMail } from "../rendered.ts"
import { Button, Facts, Footer, Lead, MailPage, Title } from "./parts.tsx"

export function resetMail(mail: {
  link: string
  validMinutes: number
  ip: string
  browser: string
}): RenderedMail {
  const validity = `The link works once and for ${mail.validMinutes} minutes.`
  const origin = `Asked for from ${mail.ip || "an unknown address"} with ${mail.browser || "an unknown program"}.`
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

type PasswordMail = {
  host: string
  at: string
  ip: string
  browser: string
  tokensRevoked: number
  tokensLeft: number
  recoverLink: string
  tokensLink: string
}

export function passwordMail(mail: PasswordMail): RenderedMail {
  const sentence = `Your password for sentry-lite on ${mail.host} was changed.`
  const facts = [
    ["when", mail.at],
    ["from", mail.ip || "an unknown address"],
    ["with", mail.browser || "an unknown program"],
  ] as const
  const ended = "Every session was ended, except the one it was changed in."
  const tokens = fateOfTokens(mail)
  const alarm = "If this was not you, set a new password at once:"
  return {
    text: paragraphs(
      sentence,
      facts.map(([label, value]) => `${label}: ${value}`).join("\n"),
      `${ended} ${tokens}`,
      `${alarm} ${mail.recoverLink}`,
      mail.tokensLeft > 0 && `API tokens: ${mail.tokensLink}`,
    ),
    html: htmlOf(
      <MailPage title="Your password was changed" preheader={`${mail.at}, ${mail.ip}`}>
        <Title>Your password was changed</Title>
        <Lead>{sentence}</Lead>
        <Facts facts={facts} />
        <Lead>{`${ended} ${tokens}`}</Lead>
        <Lead>{alarm}</Lead>
        <Button href={mail.recoverLink}>This was not me</Button>
        {mail.tokensLeft > 0 && (
          <Button href={mail.tokensLink} quiet>
            API tokens
          </Button>
        )}
      </MailPage>,
    ),
  }
}

function fateOfTokens({ tokensRevoked, tokensLeft }: PasswordMail): string {
  if (tokensRevoked > 0) return "Your personal API tokens were revoked."
  return tokensLeft > 0
    ? `Your personal API tokens still work: ${tokensLeft}.`
    : "You have no personal API tokens."
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
