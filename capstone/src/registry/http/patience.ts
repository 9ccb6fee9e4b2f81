import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './send.ts';

/** How long to wait before something is tried again. */
export interface Patience {
  /** Milliseconds before the first repetition; each next one waits twice as long. */
  readonly first: number;
  /** How often. */
  readonly times: number;
}

export const PATIENCE: Patience = { first: 500, times: 5 };

/** The longest that a registry can make us wait, in milliseconds. */
const LONGEST = 120_000;

/** Statuses that may be others soon. */
const PASSING = [408, 429, 500, 502, 503, 504];

export function isPassing(status: number): boolean {
  return PASSING.includes(status);
}

/** May a connection that failed so work in a moment? */
export function isCut(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as NodeJS.ErrnoException;
  if (['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code))
    return true;
  return code.startsWith('HPE_') || /^nothing came for|^aborted$|socket hang up/.test(message);
}

/** Waits before the nth repetition, at least as long as the registry asked for. @throws if it asks for more than anybody waits */
export async function wait({ first }: Patience, nth: number, answer?: Answer, signal?: AbortSignal): Promise<void> {
  const asked = retryAfter(answer?.headers['retry-after']);
  if (asked > LONGEST) throw new Error(`it asks to come back in ${Math.ceil(asked / 1000)} seconds`);
  const backOff = first * 2 ** nth * (0.75 + Math.random() / 2);
  await sleep(Math.max(asked, backOff), undefined, signal && { signal });
}

/** In milliseconds: it's a number of seconds, or a date (RFC 9110, 10.2.3). */
export function retryAfter(text: string | undefined): number {
  if (text === undefined) return 0;
  const time = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(time) ? 0 : Math.max(time, 0);
}
