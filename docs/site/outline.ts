import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Token } from 'markdown-it';
import { parse } from '../../test/readme/markdown.ts';
import type { Problems } from './problems.ts';
import { textOf } from './tables.ts';

/** One of the course's steps, as the table in the README lists them. */
export interface Step {
  readonly number: number;
  /** Such as `namespaces and cgroups`. */
  readonly name: string;
  /** What its container gains. */
  readonly gains: string;
  /** How long the lesson takes to read, and its homework to do, as the instructors' page has it: `2 h`. */
  readonly hours?: { readonly read: string; readonly homework: string };
  /** Its lesson, unless that is still being written. */
  readonly lesson?: Document;
}

/** A Markdown file that becomes a page. */
export interface Document {
  /** Absolute. */
  readonly file: string;
  /** From the site's root. */
  readonly url: string;
  readonly title: string;
}

/** What the site is made of. */
export interface Outline {
  readonly root: string;
  readonly home: Document;
  readonly steps: readonly Step[];
  /** What comes after the steps. */
  readonly capstone: readonly Document[];
  readonly pages: readonly Document[];
}

/** Finds the lessons and the pages of a workspace. */
export function outline(root: string, problems: Problems): Outline {
  const steps = courseTable(root, problems);
  const listed = steps.flatMap(({ lesson }) => lesson?.file ?? []);
  for (const file of globSync('steps/*/README.md', { cwd: root }).map((path) => join(root, path))) {
    if (!listed.includes(file)) problems.add(join(root, 'README.md'), 1, `its table has no ${relative(root, file)}`);
  }
  const home = { file: join(root, 'docs/index.md'), url: 'index.html', title: 'Boxstep' };
  const files = globSync('docs/*.md', { cwd: root })
    .sort()
    .map((path) => join(root, path));
  const pages = files
    .filter((file) => file !== home.file)
    .map((file) => document(file, `${basename(file, '.md')}.html`));
  const contributing = join(root, 'CONTRIBUTING.md');
  if (existsSync(contributing)) pages.push(document(contributing, 'contributing.html'));
  const native = join(root, 'shared-native/README.md');
  if (existsSync(native)) pages.push(document(native, 'api/shared-native.html'));
  return { root, home, steps: withHours(steps, root), capstone: capstone(root), pages };
}

/** The capstone's own lessons. */
function capstone(root: string): Document[] {
  const documents = [
    ['capstone/README.md', 'capstone.html'],
    ['capstone/src/oci/README.md', 'oci.html'],
  ] as const;
  return documents.flatMap(([path, url]) => (existsSync(join(root, path)) ? [document(join(root, path), url)] : []));
}

/** The rows of the README's table of steps: its first column is a number and a name, as a link once there is a lesson. */
function courseTable(root: string, problems: Problems): Step[] {
  const readme = join(root, 'README.md');
  const rows = tableAfter(parse(readme), 'The steps');
  if (rows.length === 0) problems.add(readme, 1, 'there is no table under the heading "The steps"');
  return rows.flatMap(([first, second]) => {
    const [, number, name] = /^(\d+) (.+)$/s.exec(textOf(first)) ?? [];
    if (number === undefined || name === undefined || !second) return [];
    const href = first?.children?.find(({ type }) => type === 'link_open')?.attrGet('href');
    const file = href && resolve(root, String(href));
    const lesson = file && existsSync(file) && document(file, `steps/${basename(dirname(file))}.html`);
    return [{ number: Number(number), name, gains: second.content, ...(lesson && { lesson }) }];
  });
}

function withHours(steps: readonly Step[], root: string): Step[] {
  const file = join(root, 'docs/instructors.md');
  const rows = existsSync(file) ? tableAfter(parse(file), 'Ten weeks') : [];
  return steps.map((step) => {
    const row = rows.find(([week]) => week?.content === String(step.number));
    const [, , read, , homework] = row ?? [];
    return read && homework ? { ...step, hours: { read: read.content, homework: homework.content } } : step;
  });
}

/** The cells of the body of the first table after a heading, as inline tokens. */
function tableAfter(tokens: readonly Token[], heading: string): (Token | undefined)[][] {
  const start = tokens.findIndex(({ type, content }) => type === 'inline' && content === heading);
  const rows: (Token | undefined)[][] = [];
  if (start === -1) return rows;
  for (const [index, { type }] of tokens.entries()) {
    if (index < start) continue;
    if (type === 'table_close') break;
    if (type === 'tr_open') rows.push([]);
    if (type === 'td_open') rows.at(-1)?.push(tokens[index + 1]);
  }
  return rows.filter((cells) => cells.length > 0);
}

function document(file: string, url: string): Document {
  const title = /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? basename(file, '.md');
  return { file, url, title: title.replaceAll('`', '') };
}
