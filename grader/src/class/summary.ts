import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { json } from '../report/write.ts';
import type { Step } from '../step/step.ts';
import { fillIn } from './book/roster.ts';
import { writeTable } from './book/table.ts';
import { type Book, type Entry, marksOf, openTo } from './book.ts';
import { keptCode } from './code.ts';
import { changesCsv, csv } from './csv.ts';
import { type Change, type History, readHistory, remember, writeHistory } from './history.ts';
import { keyFile } from './key-file.ts';
import { MANIFEST, type Manifest } from './manifest.ts';
import { match } from './match.ts';
import { ownPage } from './page/own.ts';
import { page } from './page/page.ts';
import { named, type Seen, unnamed } from './page/seen.ts';
import { studentPage } from './page/student.ts';
import type { Row } from './row.ts';
import { rulesOf, unknownStudents } from './rules/class-file.ts';
import { idsOf, type Mark } from './rules/mark.ts';

/** What a class came to. */
export interface Summary {
  readonly entries: readonly Entry[];
  readonly changes: readonly Change[];
  /** What to say of the files for platforms. */
  readonly notes: readonly string[];
}

/** Writes what sums a class up: grades.csv, the platforms' files, index.html and its pages, history.json, and class.json last. */
export function writeClass(out: string, step: Step, rows: readonly Row[], manifest: Manifest, book: Book): Summary {
  mkdirSync(out, { recursive: true });
  const members = match(book.roster.people, rows);
  const entries = marksOf(step, rows, book, members);
  const marks = entries.map(({ mark }) => mark);
  const { history, changes } = remember(readHistory(out), entries, {
    at: new Date(book.now).toISOString(),
    why: book.why,
  });
  const write = (name: string, text: string) => writeFileAtomic.sync(join(out, name), text);
  write('grades.csv', csv(marks, book.rules.timezone));
  if (changes.length > 0) write('changes.csv', changesCsv(changes));
  const notes = writeImports(out, step, marks, book);
  // Without a roster, nobody knows who else is in the class.
  if (book.roster.people.length > 0) notes.push(...unknownStudents(book.rules, step.number, members.flatMap(idsOf)));
  const seen = entries.map(({ mark, row }, at) => named(mark, row, at));
  writePages(out, out, seen, { manifest, changes, history });
  if (book.anonymous !== undefined) {
    const key = keyFile(join(out, 'key.csv'), marks);
    const hidden = entries.map(({ mark, row }) => unnamed(mark, row, key(mark.id)));
    // In the order of their numbers: that of the roster would tell who is who.
    hidden.sort((a, b) => (a.id < b.id ? -1 : 1));
    writePages(book.anonymous, out, hidden, { manifest, changes: [], history: {} });
  }
  writeReports(out, step, entries, book);
  writeHistory(out, history);
  write(MANIFEST, json({ ...manifest, students: rows.map(({ student }) => student) }));
  return { entries, changes, notes };
}

/** In `reports`, what to hand back to each: also to all of a group, and to who handed nothing in. */
function writeReports(out: string, step: Step, entries: readonly Entry[], { rules, now }: Book): void {
  const open = openTo(step, rulesOf(rules, step), now);
  rmSync(join(out, 'reports'), { recursive: true, force: true });
  mkdirSync(join(out, 'reports'), { recursive: true });
  for (const { mark, row } of entries) writeFileSync(reportOf(out, mark.id), ownPage(step, mark, row, open));
}

/** The page for a student, by their id: no id leads out of the folder, whatever is in it. */
export function reportOf(out: string, id: string): string {
  const name = encodeURIComponent(id).replaceAll('%40', '@').replaceAll('%20', ' ');
  const short = createHash('sha256').update(id).digest('hex').slice(0, 16);
  return join(out, 'reports', `${name.length > 150 ? short : name}.html`);
}

interface Around {
  readonly manifest: Manifest;
  readonly changes: readonly Change[];
  readonly history: History;
}

/** One student's code is in memory at a time. */
function writePages(to: string, out: string, seen: readonly Seen[], { manifest, changes, history }: Around): void {
  rmSync(join(to, 'pages'), { recursive: true, force: true });
  mkdirSync(join(to, 'pages'), { recursive: true });
  for (const one of seen) {
    const { student, id } = one.mark;
    if (student === undefined) continue;
    writeFileSync(join(to, one.file), studentPage(one, keptCode(out, student), history[id] ?? []));
  }
  writeFileAtomic.sync(join(to, 'index.html'), page(seen, manifest, changes));
}

/** In `import`, each roster as its platform takes it back. */
function writeImports(out: string, step: Step, marks: readonly Mark[], { roster, column }: Book): string[] {
  const byId = new Map(marks.map((mark) => [mark.id, mark]));
  const filled = fillIn(roster, { assignment: step.name, ...(column !== undefined && { column }) }, (id) => {
    const mark = byId.get(id);
    if (!mark) return undefined;
    const { score, most, applied, state } = mark;
    const missing = state === 'missing';
    const note = [...(missing ? ['Nothing was handed in.'] : []), ...applied].join('; ');
    return { most, note, missing, ...(state !== 'open' && { score }) };
  });
  if (filled.length > 0) mkdirSync(join(out, 'import'), { recursive: true });
  return filled.flatMap(({ file, platform, table, notes }) => {
    writeFileAtomic.sync(join(out, 'import', file), writeTable(table));
    return [`import/${file} is for ${platform}`, ...notes.map((note) => `  ${note}`)];
  });
}
