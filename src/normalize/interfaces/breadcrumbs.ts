import type { Breadcrumb } from "../event.ts"
import { bag, mediumBag } from "../values/bag.ts"
import { jsonOrText, text } from "../values/coerce.ts"
import { level } from "../values/level.ts"
import { filled, record, valuesOf } from "../values/read.ts"
import { unknownAttribute } from "../values/remarks.ts"
import { timestamp } from "../values/time.ts"

/** SDKs keep 100; the newest ones lead to the event. */
const MAX_BREADCRUMBS = 300

const breadcrumb = record<Breadcrumb>(
  {
    timestamp,
    type: text(128),
    category: text(128),
    level,
    message: jsonOrText(8192, 200),
    data: bag(mediumBag),
    event_id: text(64),
    origin: text(128),
  },
  { ty: "type" },
  unknownAttribute,
)

export const breadcrumbs = valuesOf(filled(breadcrumb), { max: MAX_BREADCRUMBS, keep: "last" })
