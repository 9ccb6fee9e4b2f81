import { resolve } from 'node:path';

/**
 * A path as a person types it: seen from where pnpm was called, when pnpm calls us, else from this directory. An absolute
 * one is right also where that directory is gone.
 *
 * @throws {Error} if a relative one leads from a directory that is gone
 */
export function typedPath(path: string): string {
  try {
    return resolve(process.env.INIT_CWD ?? '', path);
  } catch (cause) {
    throw new Error(`${path} can't be found: this directory is gone (cd to another, or give an absolute path)`, {
      cause,
    });
  }
}
