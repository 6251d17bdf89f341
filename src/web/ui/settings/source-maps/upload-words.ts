import type { Upload } from "#symbolication/artifacts/upload-store.ts"

/** What an upload is called: a file by its name, a bundle by what is in it. */
export function uploadName({ kind, name, files, status }: Upload): string {
  if (kind === "release_file") return name ?? "(no name)"
  if (status === "assembling") return "Bundle, being read"
  return status === "failed"
    ? "Bundle, refused"
    : `Bundle of ${files} file${files === 1 ? "" : "s"}`
}

export function usesText({ uses }: Upload): string {
  const told = uses.map(({ release, dist }) => {
    if (release === "") return "any, by debug ids"
    return dist === "" ? release : `${release} (dist ${dist})`
  })
  return told.join(", ")
}
