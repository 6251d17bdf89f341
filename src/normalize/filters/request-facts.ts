import type { NormalizedEvent } from "../event.ts"

type WithRequest = Pick<NormalizedEvent, "request">

export function headerOf({ request }: WithRequest, name: string): string {
  return request?.headers?.find(([each]) => each === name)?.[1] ?? ""
}

export const userAgentOf = (event: WithRequest) => headerOf(event, "User-Agent")
