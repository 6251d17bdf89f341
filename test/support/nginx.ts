import { afterAll } from "bun:test"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { $ } from "bun"

const SHIPPED = join(import.meta.dir, "../../config/nginx/sentry-lite.conf")

export type Nginx = {
  /** https://127.0.0.1:PORT, with a certificate nobody signed. */
  url: string
  /** http://127.0.0.1:PORT */
  plainUrl: string
}

/** Runs the nginx that we ship, with only ports, certificate and upstreams changed; stopped in afterAll. */
export async function testNginx(upstreams: readonly number[]): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "sl-nginx-"))
  // nginx's workers are another user when the tests run as root.
  chmodSync(folder, 0o755)
  const [plain, tls] = [freePort(), freePort()]
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "fullchain.pem")]
  const request = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
  await $`openssl req ${request} -keyout ${key} -out ${certificate}`.quiet()
  const site = adapted(await Bun.file(SHIPPED).text(), { folder, plain, tls, upstreams })
  writeFileSync(join(folder, "site.conf"), site)
  writeFileSync(join(folder, "nginx.conf"), MAIN_CONF.replaceAll("FOLDER", folder))
  await $`nginx -t -q -p ${folder} -c ${folder}/nginx.conf`
  const server = Bun.spawn(["nginx", "-p", folder, "-c", join(folder, "nginx.conf")], {
    stdio: ["ignore", "ignore", "inherit"],
  })
  afterAll(async () => {
    server.kill("SIGTERM")
    await server.exited
    rmSync(folder, { recursive: true, force: true })
  })
  await untilListening(tls)
  return { url: `https://127.0.0.1:${tls}`, plainUrl: `http://127.0.0.1:${plain}` }
}

const MAIN_CONF = `
daemon off;
worker_processes 1;
pid FOLDER/nginx.pid;
error_log FOLDER/error.log;
events {}
http {
  access_log FOLDER/access.log;
  client_body_temp_path FOLDER/body;
  proxy_temp_path FOLDER/proxy;
  fastcgi_temp_path FOLDER/fastcgi;
  uwsgi_temp_path FOLDER/uwsgi;
  scgi_temp_path FOLDER/scgi;
  include FOLDER/site.conf;
}
`

type Place = { folder: string; plain: number; tls: number; upstreams: readonly number[] }

function adapted(text: string, { folder, plain, tls, upstreams }: Place): string {
  const servers = upstreams.map((port) => `server 127.0.0.1:${port} max_fails=0;`).join("\n    ")
  return text
    .replace("server 127.0.0.1:9000 max_fails=0;", servers)
    .replaceAll(/^ *listen \[::\].*\n/gm, "")
    .replace("listen 80;", `listen 127.0.0.1:${plain};`)
    .replace("listen 443 ssl http2;", `listen 127.0.0.1:${tls} ssl http2;`)
    .replaceAll("/etc/ssl/sentry-lite", folder)
}

function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } })
  const { port } = listener
  listener.stop(true)
  return port
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } })
      socket.end()
      return
    } catch {
      await Bun.sleep(20)
    }
  }
  throw new Error("nginx does not listen")
}
