import { InvalidArgumentError } from "commander"

/** A whole number from 0 up, as commander's argument parser. */
export function wholeNumber(written: string): number {
  if (!/^\d{1,9}$/.test(written)) throw new InvalidArgumentError("It must be a whole number.")
  return Number(written)
}

const MILLISECONDS = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

/** `12h`, `90d` or `4w`, in milliseconds. */
export function duration(written: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})([hdw])$/.exec(written) ?? []
  if (!count) throw new InvalidArgumentError("It must be like 12h, 90d or 4w.")
  return Number(count) * MILLISECONDS[unit as keyof typeof MILLISECONDS]
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
