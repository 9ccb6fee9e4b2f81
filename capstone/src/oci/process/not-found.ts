import { type Call, errnoName, type Made } from 'shared-native';
import type { Process } from '../config/schema.ts';

/**
 * Why there is no program of the name that a process is to be, in the words by which clients know it: they end with 127 then,
 * or with 126.
 */
export function notFound(
  process: Process | undefined,
  asked: readonly Call[],
  made: readonly Made[],
): Error | undefined {
  const [file = ''] = process?.args ?? [];
  const answers = made.filter(({ call }) => asked.includes(call)).map(({ result }) => result);
  if (asked.length === 0 || answers.some((result) => result === 0)) return undefined;
  const isRefused = answers.some((result) => result < 0 && errnoName(-result) === 'EACCES');
  const what = file.includes('/') ? `stat ${file}: no such file or directory` : 'executable file not found in $PATH';
  return new Error(`exec: ${JSON.stringify(file)}: ${isRefused ? 'permission denied' : what}`);
}
