const KNOWN_CONTEXTS = new Set(
  (
    "device os client_os runtime app browser gpu trace culture cloud_resource replay profile flags monitor " +
    "performance_score spring threadpool_info memory_info unity ota_updates missing_instrumentation laravel " +
    "nel chromium_stability_report"
  ).split(" "),
)

/** Contexts of these types are about machines and programs; all others hold what somebody put there. */
export function isKnownContext(type: unknown): boolean {
  return typeof type === "string" && KNOWN_CONTEXTS.has(type)
}
