import { createHash } from 'node:crypto';

/** A part of the work: the i-th of n, which differ by at most one student. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Reads `3/10`. @throws {Error} if it isn't a shard */
export function shardOf(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index < 1 || index > count) throw new Error(`expected --shard to be such as 3/10, got ${JSON.stringify(text)}`);
  return { index, count };
}

/** A shard's students. By a hash of their names, as vitest does it, so that neighbours who copied are not all in one. */
export function shareOf<T extends { student: string }>(students: readonly T[], { index, count }: Shard): T[] {
  const hash = ({ student }: T) => createHash('sha1').update(student).digest('hex');
  const sorted = [...students].sort((a, b) => (hash(a) < hash(b) ? -1 : 1));
  const share = new Set(sorted.filter((_, at) => at % count === index - 1));
  return students.filter((one) => share.has(one));
}
