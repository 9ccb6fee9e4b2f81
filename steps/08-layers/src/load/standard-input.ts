import { accessSync, constants, createReadStream, fstatSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isatty } from 'shared-native';
import { notOpened, typedPath } from 'step-07';
import type { Workplace } from '../store/workplace.ts';

/**
 * The path of what comes on standard input: a file's own, or that of a copy in a workplace, where it comes through a pipe.
 *
 * @throws {Error} if it's a terminal
 */
export async function standardInput({ directory }: Workplace, what: string): Promise<string> {
  if (isatty(0)) throw new Error(`requested ${what} from stdin, but stdin is empty`);
  if (fstatSync(0).isFile()) return '/proc/self/fd/0';
  const path = join(directory, 'stdin');
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(createReadStream('', { fd: 0, autoClose: false, highWaterMark: 1 << 18 }));
  return path;
}

/** The path of a file that a command line names. @throws {Error} in docker's words if it can't be read */
export function openable(file: string): string {
  const path = typedPath(file);
  try {
    accessSync(path, constants.R_OK);
    return path;
  } catch (error) {
    throw notOpened(file, error as Error);
  }
}
