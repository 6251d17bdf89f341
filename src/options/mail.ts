import { choice, flag, secret, stored, text, whole } from "#platform/options/option.ts"

/** How mails are sent. */
export const mail = {
  "mail.backend": stored(
    choice(["smtp", "console", "dummy"], "smtp", "console prints mails, dummy throws them away."),
  ),
  "mail.host": stored(text("localhost", "SMTP server.")),
  "mail.port": stored(whole(25, [1, 65535], "Port of the SMTP server.")),
  "mail.username": stored(text("", "Name to log in to the SMTP server with; empty: no log-in.")),
  "mail.password": stored(secret(text("", "Password to log in to the SMTP server with."))),
  "mail.use-tls": stored(flag(false, "Sends only after STARTTLS.")),
  "mail.use-ssl": stored(flag(false, "Speaks TLS from the first byte, as on port 465.")),
  "mail.from": stored(
    text(
      "root@localhost",
      "Sender of mails; a name may stand before it: Sentry <sentry@example.com>.",
    ),
  ),
  "mail.subject-prefix": stored(
    text("", "Begins the subject of mails; brackets break threads in Gmail."),
  ),
  "mail.ca-file": stored(
    text("", "File of more certificate authorities (PEM) to believe the SMTP server's TLS by."),
  ),
  "mail.list-namespace": stored(
    text("", "Domain in List-Id and Message-Id; empty: that of system.url-prefix."),
  ),
  "mail.timeout": stored(whole(10, [1, 600], "Seconds the SMTP server has for an answer.")),
} as const
