import type { IngestMessage } from "#messages.ts"
import type { CredentialSources } from "#protocol/credentials.ts"
import type { Refusal } from "./refusal.ts"

/** One request at the door. */
export type Submission = {
  kind: IngestMessage["kind"]
  /** As it stands in the path; null when the path has none. */
  projectId: string | null
  credentials: CredentialSources
  /** The Origin header, else the Referer. */
  origin: string | null
  contentEncoding: string | null
  clientAddress: string
  userAgent: string
  /** Called once a key in header or query is known to be good: no stranger's body is taken in. */
  readBody(): Promise<Uint8Array | Refusal>
}
