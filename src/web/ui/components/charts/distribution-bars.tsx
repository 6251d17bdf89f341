import { plainText } from "../foreign-text.tsx"

export type Share = {
  label: string
  /** Shares are of one total, so that bars of several lists can be compared. */
  count: number
  href: string | null
  /** What is not a value: "(not set)", "other". */
  isRest?: boolean
}

/** How values are spread: a bar behind each label, and the share in words. */
export function DistributionBars({ shares, total }: { shares: readonly Share[]; total: number }) {
  return (
    <ul class="bars">
      {shares.map((share) => {
        const percent = total > 0 ? Math.min(100, (share.count / total) * 100) : 0
        return (
          <li title={`${share.count.toLocaleString("en")} of ${total.toLocaleString("en")} events`}>
            <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
              <rect width={percent.toFixed(1)} height="1" />
            </svg>
            <span class="truncate" {...(share.isRest && { "data-unset": "" })}>
              {share.href ? (
                <a href={share.href}>{plainText(share.label, 120)}</a>
              ) : (
                plainText(share.label, 120)
              )}
            </span>
            <span>{percentText(percent)}</span>
          </li>
        )
      })}
    </ul>
  )
}

/** Small shares are told as such: nothing that happened is 0 %. */
function percentText(percent: number): string {
  if (percent === 0) return "0%"
  if (percent < 1) return "<1%"
  return percent > 99 && percent < 100 ? ">99%" : `${Math.round(percent)}%`
}
