import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { json } from '../report/write.ts';
import { csv } from './csv.ts';
import { MANIFEST, type Manifest } from './manifest.ts';
import { page } from './page/page.ts';
import type { Row } from './row.ts';

/** Writes what sums a class up: grades.csv, index.html, class.json. */
export function writeClass(out: string, rows: readonly Row[], manifest: Manifest): void {
  mkdirSync(out, { recursive: true });
  const write = (name: string, text: string) => writeFileAtomic.sync(join(out, name), text);
  write('grades.csv', csv(rows));
  write('index.html', page(rows, manifest));
  write(MANIFEST, json({ ...manifest, students: rows.map(({ student }) => student) }));
}
