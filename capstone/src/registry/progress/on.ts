import { isatty } from 'shared-native';
import { callersSize } from 'step-10';
import { lines } from './lines.ts';
import type { Progress } from './progress.ts';
import { terminal } from './terminal.ts';

/** Progress as it's shown best where a descriptor leads. */
export function progressOn(to: number): Progress {
  return isatty(to) && process.env.TERM !== 'dumb' ? terminal(to, callersSize) : lines(to);
}
