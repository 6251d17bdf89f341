import { recordOptions } from "#accounts/record-options.ts"
import type { App } from "#app.ts"
import { type Config, options } from "#config.ts"
import { AppError } from "#platform/errors.ts"
import type { FormData } from "../form-data.ts"

/** As typed. */
export type MailForm = {
  host: string
  port: string
  encryption: string
  username: string
  from: string
}

export function mailFormOf(config: Config): MailForm {
  return {
    host: config["mail.host"],
    port: String(config["mail.port"]),
    encryption: config["mail.use-ssl"] ? "tls" : config["mail.use-tls"] ? "starttls" : "none",
    username: config["mail.username"],
    from: config["mail.from"],
  }
}

export function readMailForm(data: FormData): MailForm {
  return {
    host: data.text("host"),
    port: data.text("port"),
    encryption: data.text("encryption"),
    username: data.text("username"),
    from: data.text("from"),
  }
}

/** `password` "": stays as it is. Every process hears of it within seconds. Throws `invalid`. */
export async function saveMail(
  app: Pick<App, "sql" | "config">,
  form: MailForm,
  password: string,
): Promise<void> {
  if (form.host === "") throw new AppError("invalid", "Which server?", { field: "host" })
  if (!options["mail.port"].schema.safeParse(Number(form.port)).success) {
    throw new AppError("invalid", "A port is a number from 1 to 65535.", { field: "port" })
  }
  if (!/^[^@\r\n]+@[^@\r\n]+$/.test(form.from)) {
    throw new AppError("invalid", "The sender needs an e-mail address.", { field: "from" })
  }
  const values: Partial<Config> = {
    "mail.backend": "smtp",
    "mail.host": form.host,
    "mail.port": Number(form.port),
    "mail.use-tls": form.encryption === "starttls",
    "mail.use-ssl": form.encryption === "tls",
    "mail.username": form.username,
    "mail.from": form.from,
    ...(password !== "" && { "mail.password": password }),
  }
  await app.sql.begin((tx) => recordOptions(tx, app.config, values))
}
