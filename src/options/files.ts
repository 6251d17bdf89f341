import { choice, flag, list, map, secret, whole } from "#platform/options/option.ts"
import { BYTES, GIB, MIB } from "./bounds.ts"

/** Files: where they are kept, how large they may be, and where they are fetched from. */
export const files = {
  "filestore.backend": choice(
    ["filesystem", "s3"],
    "filesystem",
    "Where attachments and other files are kept.",
  ),
  "filestore.options": secret(
    map(
      {},
      "filesystem: location; s3: bucket_name, region_name, endpoint_url, access_key, secret_key.",
    ),
  ),
  "filestore.max-upload-bytes": whole(
    2 * GIB,
    [MIB, BYTES],
    "Largest bundle of source maps or debug files that is taken.",
  ),
  "filestore.max-bundle-files": whole(20_000, [1, 1_000_000], "Most files in one bundle."),
  "filestore.max-unpacked-bytes": whole(
    4 * GIB,
    [MIB, BYTES],
    "Size of all files of a bundle together, unpacked.",
  ),

  "sourcemaps.cache-bytes": whole(
    256 * MIB,
    [MIB, BYTES],
    "Memory for source maps and debug files that each worker keeps open.",
  ),
  "sourcemaps.scrape": flag(
    false,
    "Lets projects have scripts and maps that nobody uploaded fetched from the web.",
  ),

  "outbound.allowed-ips": list(
    [],
    "Addresses and networks that are fetched from although they are private or reserved.",
  ),
  "outbound.disallowed-ips": list(
    [],
    "Addresses and networks that nothing is fetched from, besides private and reserved ones.",
  ),
  "outbound.allowed-ports": list(["80", "443"], "Ports that may be fetched from."),
  "outbound.max-bytes": whole(
    40 * MIB,
    [MIB, 256 * MIB],
    "Largest file that is fetched, unpacked.",
  ),
} as const
