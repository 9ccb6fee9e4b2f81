import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from '../../start.ts';
import type { Step } from '../../step/step.ts';
import type { Work } from './alike.ts';

/**
 * Writes what JPlag reads: a folder for each submission, one with all earlier ones, and what everybody was given as its
 * base code.
 *
 * @returns the command
 * @see https://github.com/jplag/JPlag
 */
export function exportForJPlag(step: Step, works: readonly Work[], to: string): string {
  rmSync(to, { recursive: true, force: true });
  for (const { who, earlier, code } of works) {
    const folder = join(
      to,
      earlier === undefined ? 'new' : 'old',
      `${earlier === undefined ? '' : `${safe(earlier)} `}${safe(who)}`,
    );
    mkdirSync(folder, { recursive: true });
    for (const [task, { text }] of Object.entries(code)) {
      writeFileSync(join(folder, `task-${task}.ts`), `function task${task}() {\n${text}\n}\n`);
    }
  }
  const base = join(to, 'base');
  mkdirSync(base, { recursive: true });
  for (const [path, text] of startOf(step, base)) writeFileSync(join(base, path.replaceAll('/', '-')), text);
  const old = works.some(({ earlier }) => earlier !== undefined) ? ` -old '${to}/old'` : '';
  return `java -jar jplag.jar -l typescript -bc '${base}' -new '${to}/new'${old}`;
}

/** A name that leads nowhere. */
function safe(name: string): string {
  return name.replaceAll(/[/\0]/g, '_').replace(/^\.+/, '_').slice(0, 100);
}
