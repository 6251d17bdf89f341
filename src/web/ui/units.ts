const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"]

/** 1536 is "1.5 KiB". */
export function bytesOf(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1)
  const number = bytes / 1024 ** step
  return `${step === 0 ? Math.round(number) : number.toFixed(1)} ${UNITS[step]}`
}
