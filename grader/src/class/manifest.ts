import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shown } from '../step/workspace.ts';
import type { Shard } from './shard.ts';

/** What a folder of results is of, as it is kept in its `class.json`. */
export interface Manifest {
  readonly step: string;
  readonly version: string;
  readonly shard: Shard;
  /** Of the whole class, in all shards the same. */
  readonly roster: string;
}

/** The name of its file, which is written last. */
export const MANIFEST = 'class.json';

/** Reads the manifest of a folder of results, with the students it lists. @throws {Error} if the folder has none */
export function readManifest(folder: string): Manifest & { readonly students: readonly string[] } {
  const file = join(folder, MANIFEST);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  throw new Error(`${shown(folder)} is not a folder of results: it has no ${MANIFEST}, which a run writes as it ends`);
}

export function rosterHash(students: readonly { student: string }[]): string {
  const names = students.map(({ student }) => student);
  return createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 16);
}
