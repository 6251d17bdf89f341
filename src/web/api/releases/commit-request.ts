import { z } from "zod"
import { cleanText } from "#normalize/values/text.ts"
import { commitAuthor, type GivenCommit, MAX_PATH } from "#releases/commit.ts"

export const moment = z.string("Expected a date and time.").transform((text, context) => {
  const at = new Date(text)
  if (Number.isNaN(at.getTime()))
    context.addIssue({ code: "custom", message: "Expected a date and time." })
  return at
})

const words = (most: number) =>
  z.string().transform((text) => cleanText(text).trim().slice(0, most))
const sha = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[\w.-]+$/, "Enter a valid commit.")
const repository = words(200)

export const Ref = z.object({ repository, commit: sha, previousCommit: z.string().nullish() })
export const HeadCommit = z
  .object({ repository, currentId: sha })
  .transform((head) => ({ repository: head.repository, commit: head.currentId }))

const ChangedFile = z.object({ path: words(MAX_PATH), type: z.enum(["A", "M", "D"]) })

/** A commit that names no repository is of this one. */
const NO_REPOSITORY = "unknown"
const MAX_MESSAGE = 10_000

export const Commit = z
  .object({
    id: sha,
    repository: repository.nullish(),
    author_name: words(128).nullish(),
    author_email: words(200).nullish(),
    timestamp: moment.nullish(),
    message: words(MAX_MESSAGE).nullish(),
    patch_set: z.array(ChangedFile).nullish(),
  })
  .transform(
    (told): GivenCommit => ({
      sha: told.id,
      repository: told.repository || NO_REPOSITORY,
      author: commitAuthor(told.author_email, told.author_name),
      message: told.message ?? "",
      committedAt: told.timestamp ?? new Date(),
      files: told.patch_set?.map(({ path, type }) => ({ path, change: type })) ?? null,
    }),
  )
