import { isIP } from "node:net"
import {
  ACCOUNT,
  ADDRESS,
  ASSIGNMENT,
  BEARER,
  CARD,
  isAccount,
  KEY_BLOCK,
  SOCIAL_SECURITY,
  USER_INFO,
  USER_PATH,
} from "../patterns.ts"
import type { RuleType } from "./rule.ts"

/** A part of a text. */
export type Span = { start: number; end: number }

type Shape = {
  /** What its first and last group find stays. */
  expression: RegExp
  isReal?(text: string): boolean
}

const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu
const DEVICE_NUMBER = /(?<!\w)\d{2}-?\d{6}-?\d{6}-?\d(?!\w)/g
const HARDWARE_ADDRESS = /(?<!\w)(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?!\w)/gi
const UNIQUE_ID = /(?<!\w)[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?!\w)/gi

/** The types of rules that find their secrets by how they look. */
const SHAPES: Partial<Record<RuleType, readonly Shape[]>> = {
  creditcard: [{ expression: CARD }],
  iban: [{ expression: ACCOUNT, isReal: isAccount }],
  usssn: [{ expression: SOCIAL_SECURITY }],
  pemkey: [{ expression: KEY_BLOCK }],
  urlauth: [{ expression: USER_INFO }],
  userpath: [{ expression: USER_PATH }],
  bearer: [{ expression: BEARER }],
  password: [{ expression: ASSIGNMENT }, { expression: BEARER }],
  ip: [{ expression: ADDRESS, isReal: (text) => isIP(text) !== 0 }],
  email: [{ expression: EMAIL }],
  imei: [{ expression: DEVICE_NUMBER, isReal: isDeviceNumber }],
  mac: [{ expression: HARDWARE_ADDRESS }],
  uuid: [{ expression: UNIQUE_ID }],
}

/** Where a text holds what rules of this type look for, from left to right; at most `limit`. */
export function spansOf(type: RuleType, text: string, limit: number): Span[] {
  const spans = (SHAPES[type] ?? []).flatMap((shape) => spansOfShape(shape, text, limit))
  return spans.sort((one, other) => one.start - other.start)
}

function spansOfShape({ expression, isReal }: Shape, text: string, limit: number): Span[] {
  const spans: Span[] = []
  for (const match of text.matchAll(expression)) {
    if (spans.length >= limit) break
    const [whole, before = "", after = ""] = match
    if (isReal && !isReal(whole)) continue
    spans.push({
      start: match.index + before.length,
      end: match.index + whole.length - after.length,
    })
  }
  return spans
}

/** The check digit of a mobile phone's number, after Luhn: every second digit doubled, the sum ends in 0. */
function isDeviceNumber(text: string): boolean {
  let sum = 0
  for (const [index, digit] of [...text.replaceAll("-", "")].entries()) {
    const value = index % 2 === 0 ? Number(digit) : Number(digit) * 2
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}
