/** Why there is no answer. "status": there is one, which says no. */
export type FailureKind = "refused" | "unreachable" | "timeout" | "too_large" | "status"

export class OutboundFailure extends Error {
  override name = "OutboundFailure"
  readonly kind: FailureKind
  /** Of the answer. */
  readonly status: number | null

  constructor(kind: FailureKind, message: string, status: number | null = null) {
    super(message)
    this.kind = kind
    this.status = status
  }
}
