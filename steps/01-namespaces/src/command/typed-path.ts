import { isAbsolute, resolve } from 'node:path';
import { errnoText } from 'shared-native';
import { assertUtf8Here } from './utf8.ts';

/**
 * A path as a person types it: seen from where pnpm was called, when pnpm calls us, else from this directory. An absolute
 * one is right also where that directory is gone.
 *
 * @throws {Error} if a relative one leads from a directory that is gone, or whose path isn't UTF-8
 */
export function typedPath(path: string): string {
  const from = process.env.INIT_CWD ?? '';
  if (!isAbsolute(path) && !isAbsolute(from)) assertUtf8Here(here(path));
  return resolve(from, path);
}

function here(path: string): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new Error(`${path} can't be found: this directory is gone (cd to another, or give an absolute path)`, {
      cause,
    });
  }
}

/** Why a file that a command line names can't be read, as Go says it: `open FILE: no such file or directory`. */
export function notOpened(file: string, { code }: NodeJS.ErrnoException): Error {
  return new Error(`open ${file}: ${errnoText(code ?? '')}`);
}
