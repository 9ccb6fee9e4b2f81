import { posix } from 'node:path';
import { type Call, mkdir, tolerate } from 'shared-native';

/** The directory that `-w` means. @throws {Error} unless its path is absolute. */
export function workdir(path: string): string {
  if (path === '') return '/';
  if (path.startsWith('/')) return posix.normalize(path).replace(/(.)\/$/, '$1');
  throw new Error(`the working directory ${JSON.stringify(path)} is invalid, it needs to be an absolute path`);
}

/** Makes a directory and those above it, where they are missing. They belong to root. */
export function mkdirs(path: string): Call[] {
  const names = path.split('/').filter((name) => name !== '');
  const paths = names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
  return paths.map((one) => tolerate(mkdir(one, 0o755), 'EEXIST'));
}
