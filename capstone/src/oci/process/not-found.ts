import { closeSync, fstatSync } from 'node:fs';
import { type Call, errnoName, type Made } from 'shared-native';
import { openInside } from 'step-10';
import type { Process } from '../config/schema.ts';

/**
 * Why there is no program of the name that a process is to be, in the words by which clients know it: they end with 127 then,
 * or with 126.
 */
export function notFound(
  process: Process | undefined,
  asked: readonly Call[],
  made: readonly Made[],
  pid: number,
): Error | undefined {
  const [file = ''] = process?.args ?? [];
  const all = made.filter(({ call }) => asked.includes(call));
  const first = all.find(({ result }) => result === 0)?.call.args.pathname;
  if (first?.kind === 'string' && isDirectory(first.value, pid))
    return new Error(`exec: ${JSON.stringify(file)}: permission denied: it is a directory`);
  const answers = all.map(({ result }) => errnoName(-result) ?? '');
  if (first || answers.length === 0 || !answers.every((answer) => SAY_NO.includes(answer))) return undefined;
  const isRefused = answers.includes('EACCES');
  const what = file.includes('/') ? `stat ${file}: no such file or directory` : 'executable file not found in $PATH';
  return new Error(`exec: ${JSON.stringify(file)}: ${isRefused ? 'permission denied' : what}`);
}

/** Any other answer is a seccomp filter's, which may not know faccessat2: then it is execve that tells. */
const SAY_NO = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG'];

/** To search a directory is a permission, too, so what may be executed may be one. A path that isn't absolute is left to execve. */
function isDirectory(path: string, pid: number): boolean {
  if (!path.startsWith('/')) return false;
  const there = openInside(`/proc/${pid}/root`, path);
  try {
    return fstatSync(there).isDirectory();
  } finally {
    closeSync(there);
  }
}
