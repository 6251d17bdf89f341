/**
 * What the most used passwords are made of. A password is common when nothing else is left of it after its digits,
 * signs and letter-for-digit games are undone, so that this short list stands for the many thousands built on it.
 */
const COMMON_WORDS = new Set(
  `password passwort passwd secret geheim letmein welcome willkommen admin administrator root user guest default changeme
  qwerty qwertyuiop qwertz qwertzuiop azerty azertyuiop asdf asdfgh asdfghjkl zxcvbn zxcvbnm yxcvbnm qazwsx qazwsxedc
  iloveyou love lovely dragon monkey football baseball basketball soccer hockey superman batman spiderman pokemon starwars
  princess sunshine shadow master michael jordan jennifer jessica ashley daniel charlie thomas hunter trustno
  whatever freedom computer internet samsung google facebook microsoft apple android windows linux ubuntu
  summer winter spring autumn monday january december hello hallo bonjour hola test testing tester demo sample example
  access login signin signup account manager server database sentry sentrylite error errors tracker
  mustang corvette ferrari mercedes porsche chelsea arsenal liverpool barcelona realmadrid juventus
  cookie chocolate cheese pepper ginger banana orange purple yellow silver golden flower butterfly
  abc abcd abcdef abcdefg abcdefgh abcdefghijkl mypassword passwordpassword newpassword oldpassword thispassword
  correcthorsebatterystaple letmeinletmein welcomewelcome adminadmin testtest qwertyqwerty iloveyouiloveyou`
    .split(/\s+/)
    .filter(Boolean),
)

const GAMES: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
}

export function isCommonPassword(password: string): boolean {
  const lower = password.toLowerCase()
  const core = lower.replace(/[^a-z]/g, "")
  const unplayed = [...lower].map((character) => GAMES[character] ?? character).join("")
  const trimmed = unplayed.replace(/^[^a-z]/, "").replace(/[^a-z]/g, "")
  return (
    [core, trimmed, withoutTail(lower)].some((word) => word === "" || isCommon(word)) ||
    isMonotonous(lower)
  )
}

/** "password" itself, or "passwordpassword". */
function isCommon(word: string): boolean {
  if (COMMON_WORDS.has(word)) return true
  const half = word.slice(0, word.length / 2)
  return half !== "" && half + half === word && COMMON_WORDS.has(half)
}

/** Four or fewer different characters: aaaabbbbcccc, 121212121212. */
function isMonotonous(password: string): boolean {
  return new Set(password).size <= 4
}

/** Games undone, but only before the digits and signs that people hang at the end. */
function withoutTail(password: string): string {
  const tail = /[^a-z]{1,64}$/.exec(password)
  const head = tail ? password.slice(0, tail.index) : password
  return [...head].map((character) => GAMES[character] ?? character).join("")
}
