import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { json } from '../report/write.ts';
import type { Row } from './row.ts';
import type { Mark } from './rules/mark.ts';

/** What somebody had at a time, and why it changed. */
export interface Entry {
  /** ISO 8601. */
  readonly at: string;
  readonly score: number;
  /** By task number. */
  readonly tasks: Readonly<Record<string, number>>;
  readonly applied: readonly string[];
  readonly version: string;
  readonly files: string;
  readonly why: readonly string[];
}

/** Everybody's, by id, oldest first. */
export type History = Readonly<Record<string, readonly Entry[]>>;

/** Who has other points than before. */
export interface Change {
  readonly id: string;
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly why: readonly string[];
}

const FILE = 'history.json';

/** What was before. @throws {Error} if it can't be read: it would be lost */
export function readHistory(out: string): History {
  let text: string;
  try {
    text = readFileSync(join(out, FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${join(out, FILE)} is broken, and what it says would be lost: ${(error as Error).message}`);
  }
}

/** Adds to each what is new, and says who gained and who lost. */
export function remember(
  before: History,
  marks: readonly { mark: Mark; row?: Row | undefined }[],
  { at, why }: { at: string; why?: string | undefined },
): { history: History; changes: Change[] } {
  const changes: Change[] = [];
  const history: Record<string, readonly Entry[]> = Object.assign(Object.create(null), before);
  for (const { mark, row } of marks) {
    const { id, name, score, applied } = mark;
    const tasks = Object.fromEntries(mark.tasks.map((one) => [one.number, one.score]));
    const now = { at, score, tasks, applied, version: row?.version ?? '', files: row?.files ?? '' };
    const past = history[id] ?? [];
    const last = past.at(-1);
    if (last && JSON.stringify(worth(last)) === JSON.stringify(worth(now))) continue;
    const reasons = last ? [...(why === undefined ? [] : [why]), ...reasonsOf(last, now)] : ['graded first'];
    history[id] = [...past, { ...now, why: reasons }];
    if (last && last.score !== score) changes.push({ id, name, before: last.score, after: score, why: reasons });
  }
  return { history, changes };
}

type Now = Omit<Entry, 'why'>;

/** A new version of the grader alone is no news. */
function worth({ score, tasks, applied, files }: Now) {
  return { score, tasks, applied, files };
}

function reasonsOf(last: Now, now: Now): string[] {
  const changed = Object.keys(now.tasks).filter((task) => last.tasks[task] !== now.tasks[task]);
  const added = now.applied.filter((one) => !last.applied.includes(one));
  const gone = last.applied.filter((one) => !now.applied.includes(one));
  return [
    ...(last.files === now.files ? [] : [last.files === '' ? 'handed in since' : 'handed in something else']),
    ...(last.files === now.files && last.version !== now.version ? ['the tests or the grader changed'] : []),
    ...changed.map((task) => `task ${task}: ${last.tasks[task] ?? 0} → ${now.tasks[task]}`),
    ...added,
    ...gone.map((one) => `no longer: ${one}`),
  ];
}

export function writeHistory(out: string, history: History): void {
  writeFileAtomic.sync(join(out, FILE), json(history));
}
