import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from './image.ts';
import { hex } from './places.ts';

/** The digest of contents. Most runs need none, and the module costs 8 ms. */
export function digestOf(contents: string | Uint8Array): Digest {
  return `sha256:${process.getBuiltinModule('node:crypto').hash('sha256', contents)}`;
}

/** Where a blob lies in a workplace. */
export function stagedPath(directory: string, digest: Digest): string {
  return join(directory, hex(digest));
}

/** What a JSON document is that was checked when it was taken in. */
export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
