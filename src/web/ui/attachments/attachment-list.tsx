import type { Attachment } from "#attachments/store.ts"
import { Badge } from "../components/badge.tsx"
import { Button, ButtonLink } from "../components/button.tsx"
import { ForeignText, plainText } from "../components/foreign-text.tsx"
import { Csrf } from "../components/forms/form.tsx"
import { Icon } from "../components/icon.tsx"
import { bytesOf } from "../units.ts"

/** What crash reporters send beside an event, in words. */
const KINDS: Record<string, string | undefined> = {
  "event.minidump": "Minidump",
  "event.applecrashreport": "Apple crash report",
  "event.payload": "Crash payload",
  "event.breadcrumbs": "Crash breadcrumbs",
  "event.view_hierarchy": "View hierarchy",
  "unreal.context": "Unreal context",
  "unreal.logs": "Unreal log",
  "playstation.prosperodump": "PlayStation dump",
}

const NOTHING_SAID = "application/octet-stream"

type ListProps = {
  attachments: readonly Attachment[]
  /** The page of one: a download, with `?view` what can be looked at, and where its deletion is posted. */
  hrefOf(attachment: Attachment): string
  /** The event of one, where the list is of several events. */
  eventHrefOf?: (attachment: Attachment) => string
  /** The form's token; null: this reader may not delete. */
  csrf: string | null
}

/** Files with what a page may show of them: pictures as pictures, short texts behind a link, everything else as a download. */
export function AttachmentList({ attachments, hrefOf, eventHrefOf, csrf }: ListProps) {
  return (
    <ul class="attachments">
      {attachments.map((attachment) => (
        <li class="attachment">
          <Picture attachment={attachment} href={`${hrefOf(attachment)}?view`} />
          <div class="attachment-facts">
            <a class="attachment-name" href={hrefOf(attachment)} download="">
              <ForeignText text={attachment.name} max={200} />
            </a>
            <span class="muted attachment-line">
              {KINDS[attachment.type] && <Badge>{KINDS[attachment.type]}</Badge>}
              {bytesOf(attachment.size)}
              {attachment.contentType !== NOTHING_SAID && <code>{attachment.contentType}</code>}
              {eventHrefOf && (
                <a href={eventHrefOf(attachment)}>{`Event ${attachment.eventId.slice(0, 8)}`}</a>
              )}
            </span>
          </div>
          <div class="row">
            {attachment.preview === "text/plain" && (
              <ButtonLink size="small" href={`${hrefOf(attachment)}?view`}>
                Open
              </ButtonLink>
            )}
            <ButtonLink
              size="small"
              icon="download"
              label={`Download ${plainText(attachment.name, 100)}`}
              href={hrefOf(attachment)}
            />
            {csrf && <DeleteForm attachment={attachment} action={hrefOf(attachment)} csrf={csrf} />}
          </div>
        </li>
      ))}
    </ul>
  )
}

function Picture({ attachment, href }: { attachment: Attachment; href: string }) {
  if (!attachment.preview?.startsWith("image/")) {
    return (
      <span class="attachment-icon">
        <Icon name={attachment.preview ? "file-text" : "paperclip"} />
      </span>
    )
  }
  return (
    <a class="attachment-picture" href={href}>
      <img src={href} alt={plainText(attachment.name, 100)} loading="lazy" decoding="async" />
    </a>
  )
}

function DeleteForm(props: { attachment: Attachment; action: string; csrf: string }) {
  const name = plainText(props.attachment.name, 100)
  return (
    <form method="post" action={props.action}>
      <Csrf token={props.csrf} />
      <Button
        size="small"
        variant="quiet"
        icon="trash-2"
        label={`Delete ${name}`}
        name="action"
        value="delete"
      />
    </form>
  )
}
