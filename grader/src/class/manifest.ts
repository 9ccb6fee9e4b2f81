import { createHash } from 'node:crypto';
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

export function rosterHash(students: readonly { student: string }[]): string {
  const names = students.map(({ student }) => student);
  return createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 16);
}
