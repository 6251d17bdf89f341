/** Anybody with a token may say anything: only what a browser opens as a page is a link. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text)
}
