import { addressList } from "#platform/network.ts"

/** What is wrong with a line of the list of addresses, in words; null: nothing. */
export function addressRuleFault(rule: string): string | null {
  try {
    addressList([rule])
    return null
  } catch {
    return "It is neither an address nor a network such as 10.0.0.0/8."
  }
}
