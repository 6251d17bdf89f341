import type { KeyAddresses } from "#urls.ts"
import { Card } from "../../components/card.tsx"
import { CopyField } from "../../components/forms/copy-field.tsx"

/** Where those send who take an address in place of a DSN. */
const SENDERS: { id: keyof KeyAddresses; who: string }[] = [
  { id: "minidump", who: "Crash reporters that upload minidumps: Breakpad, Crashpad, Electron" },
  { id: "unreal", who: "The crash reporter of Unreal Engine" },
  { id: "security", who: "Browsers that report breaches of a Content-Security-Policy" },
]

export function KeyAddressesCard({ addresses }: { addresses: KeyAddresses }) {
  return (
    <Card title="For those who read no DSN">
      <div class="stack">
        {SENDERS.map(({ id, who }) => (
          <div>
            <p class="muted">{who}</p>
            <CopyField id={`address-${id}`} value={addresses[id]} label={`address: ${who}`} />
          </div>
        ))}
      </div>
    </Card>
  )
}
