import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** A folder as it was typed: where pnpm was called, when pnpm calls us. */
export function here(dir: string | undefined): string | undefined {
  return dir === undefined ? undefined : resolve(process.env.INIT_CWD ?? process.cwd(), dir);
}

/** `3`, or `step-03`. */
export function stepNumber(text: string): number {
  const number = Number(text.replace(/^step-/, ''));
  if (!Number.isInteger(number))
    throw new InvalidArgumentError(`expected the number of a step, such as 3, got "${text}"`);
  return number;
}

/** Seconds as they are typed. */
export function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds < 3600) return seconds;
  throw new InvalidArgumentError('expected a number of seconds, such as 30');
}
