import { join } from "node:path"
import { $ } from "bun"
import { temporaryFolder } from "./services.ts"

/** A certificate for this machine that nobody but its own file vouches for. */
export async function selfMadeCertificate() {
  const folder = temporaryFolder("certificate")
  const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")]
  const names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
  await $`openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext ${names} -keyout ${keyFile} -out ${certFile}`.quiet()
  return {
    certFile,
    key: await Bun.file(keyFile).text(),
    cert: await Bun.file(certFile).text(),
  }
}
