import { InvalidArgumentError } from "commander"

/** A whole number from 0 up, as commander's argument parser. */
export function wholeNumber(written: string): number {
  if (!/^\d{1,9}$/.test(written)) throw new InvalidArgumentError("It must be a whole number.")
  return Number(written)
}

/** `a,b` or `a b` as a list. */
export function words(written: string): string[] {
  return written.split(/[\s,]+/).filter((word) => word !== "")
}

/** HOST:PORT, [IPv6]:PORT, HOST or PORT alone. */
export function bindAddress(written: string): { host?: string; port?: number } {
  const [, host = "", port] = /^(\[[0-9a-f:]+\]|[^:\s]*?):?(\d{1,5})?$/i.exec(written) ?? []
  if (host === "" && port === undefined) throw new InvalidArgumentError("It must be HOST:PORT.")
  return {
    ...(host !== "" && { host: host.replace(/^\[|\]$/g, "") }),
    ...(port !== undefined && { port: Number(port) }),
  }
}

/** The id of a row. */
export function numericId(written: string): string {
  if (!/^\d{1,18}$/.test(written)) throw new InvalidArgumentError("It must be a number.")
  return written
}
