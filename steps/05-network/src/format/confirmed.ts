import { readSync } from 'node:fs';
import { put } from 'step-04';

/** Warns on standard output, and reads from standard input whether to go on. No answer is a no. */
export function confirmed(warning: string): boolean {
  put(`WARNING! ${warning}\nAre you sure you want to continue? [y/N] `);
  const answer = Buffer.alloc(64);
  try {
    return /^y\s*$/i.test(answer.toString('utf8', 0, readSync(0, answer)).split('\n', 1)[0] ?? '');
  } catch {
    return false;
  }
}
