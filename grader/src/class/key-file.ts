import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import writeFileAtomic from 'write-file-atomic';
import type { Mark } from './rules/mark.ts';

/**
 * Numbers instead of names, which this file alone explains. Who has one keeps it. They are drawn, so that no name can be
 * tried for them.
 *
 * @returns the number of an id
 */
export function keyFile(path: string, marks: readonly Mark[]): (id: string) => string {
  const rows: string[][] = existsSync(path) ? parse(readFileSync(path, 'utf8'), { from: 2 }) : [];
  const keys = new Map(rows.map(([number = '', id = '']) => [id, number]));
  const taken = new Set(keys.values());
  for (const { id } of marks) {
    while (!keys.has(id)) {
      const number = randomBytes(4).toString('hex');
      if (!taken.has(number)) keys.set(id, number);
      taken.add(number);
    }
  }
  const names = new Map(marks.map(({ id, name }) => [id, name]));
  const lines = [...keys].map(([id, number]) => [number, id, names.get(id) ?? '']);
  writeFileAtomic.sync(path, stringify([['number', 'student', 'name'], ...lines]), { mode: 0o600 });
  return (id) => keys.get(id) ?? '';
}
