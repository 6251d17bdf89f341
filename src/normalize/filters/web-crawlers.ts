import type { NormalizedEvent } from "../event.ts"
import { userAgentOf } from "./request-facts.ts"

const CRAWLER =
  /mediapartners-google|adsbot-google|googlebot|feedfetcher-google|bingbot|bingpreview|baiduspider|slurp|sogou|facebook|ia_archiver|bots?[/\s);]|spider[/\s);]|slack|calypso appcrawler|pingdom|lyticsbot|aws security scanner|hubspot crawler|bytespider|better uptime/i
/** Of Slack's programs this one is let through, as Sentry does. */
const NO_CRAWLER = /slackbot\s1\.\d/i

/** The name a crawler gives itself. */
export function findWebCrawler(event: NormalizedEvent): string | null {
  const agent = userAgentOf(event)
  return CRAWLER.test(agent) && !NO_CRAWLER.test(agent) ? agent : null
}
