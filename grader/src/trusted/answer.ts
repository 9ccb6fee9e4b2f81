import { decode, type ToGrader } from '../wire/wire.ts';
import { assertCalls } from './calls.ts';

/** The most values that a message of the student's may hold, and the most characters of its texts together. */
const [MOST_VALUES, MOST_TEXT] = [20_000, 128 * 1024];

/** How deep they may be nested. */
const DEEPEST = 100;

/** The message of a student's line, which is not to be trusted. @throws {Error} if it is none, or too much to be looked at */
export function decodeAnswer(line: string): ToGrader {
  const message = decode<ToGrader>(line);
  assertSmall(message);
  assertCalls(message);
  return message;
}

/**
 * Comparing or printing a value walks through all of it, as often as it occurs: an array may say that it is four
 * billion long, hold itself, or hold ten times the same that holds ten times the same.
 */
function assertSmall(message: unknown): void {
  let [values, text] = [0, 0];
  const look = (value: unknown, depth: number): void => {
    if (depth > DEEPEST) throw new Error(`values nested more than ${DEEPEST} deep, or in themselves`);
    const holds = typeof value === 'object' && value !== null && !(value instanceof Error);
    values += holds && Array.isArray(value) ? value.length + 1 : 1;
    text += typeof value === 'string' ? value.length : ArrayBuffer.isView(value) ? value.byteLength : 0;
    if (typeof value === 'bigint') text += value.toString(16).length;
    if (values > MOST_VALUES) throw new Error(`more than ${MOST_VALUES} values`);
    if (text > MOST_TEXT) throw new Error(`more than ${MOST_TEXT / 1024} KiB of text`);
    if (!holds || ArrayBuffer.isView(value)) return;
    const inside = value instanceof Map || value instanceof Set ? [...value] : Object.entries(value);
    for (const one of Array.isArray(value) ? value : inside) look(one, depth + 1);
  };
  look(message, 0);
}
