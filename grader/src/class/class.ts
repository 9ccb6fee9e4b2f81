import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { grade } from '../grade.ts';
import { undoContainers } from '../isolation/container.ts';
import type { Grade } from '../report/grade.ts';
import { json, writeReports } from '../report/write.ts';
import type { Grading, Work } from '../running/work.ts';
import type { Step } from '../step/step.ts';
import { shown } from '../step/workspace.ts';
import { type Files, hashOf, readFiles } from '../submission/files.ts';
import type { Book } from './book.ts';
import { codeOf, keepCode } from './code.ts';
import { type HandedIn, handedIn } from './handed-in/handed-in.ts';
import { rosterHash } from './manifest.ts';
import { Progress } from './progress.ts';
import { attemptOf, fileOf, folderOf, kept, type Row, rowOf, wrongRow } from './row.ts';
import { type Shard, shareOf } from './shard.ts';
import { type Summary, writeClass } from './summary.ts';
import { versionOf } from './version.ts';

export interface ClassGrading extends Pick<Grading, 'seconds' | 'seed' | 'signal'> {
  readonly out: string;
  readonly jobs: number;
  readonly book: Book;
  readonly shard?: Shard;
  /** Results of other runs, whole or not: what is graded there isn't graded again. */
  readonly from?: readonly string[];
  /** What grades; the steps' tests, unless given. */
  readonly grader?: typeof grade;
}

/** How grading a class went. */
export interface ClassGrade {
  readonly rows: readonly Row[];
  /** How many of them were graded before. */
  readonly before: number;
  /** How many are left: the run was cut short. */
  readonly left: number;
  /** What is wrong with what was downloaded. */
  readonly wrong: readonly string[];
  readonly took: string;
  /** Of the whole class, if nobody is left. */
  readonly summary?: Summary;
}

/** Something of a student's that is to be graded. */
interface Due {
  readonly who: HandedIn;
  readonly hash: string;
}

/** So many submissions are read, and their tests are in memory, at a time. */
const AT_ONCE = 100;

/**
 * Grades a folder of submissions. Each student's results are written as soon as they are there, so that a run which ends
 * early, however it does, goes on where it stopped.
 */
export async function gradeClass(step: Step, directory: string, grading: ClassGrading): Promise<ClassGrade> {
  const { out, book, from = [], signal, shard = { index: 1, count: 1 } } = grading;
  const { students: all, wrong } = await handedIn(step, directory, join(out, 'unpacked'), book.rules.timezone);
  const students = shareOf(all, shard);
  const version = versionOf(step, grading);
  if (process.geteuid?.() === 0) await undoContainers(); // of a run that was killed
  const rows = new Map<string, Row>();
  const due: Due[] = [];
  for (const who of students) {
    const hash = who.wrong === undefined ? hashOf(readFiles(step, who.directory)) : '';
    const isSame = (row: Row | undefined) => row?.version === version && row.files === hash && row.step === step.name;
    const same = who.wrong === undefined ? takenOver(out, who.student, from, isSame) : undefined;
    if (who.wrong !== undefined) rows.set(who.student, keep(out, wrongRow(step, who, version)));
    else if (same) rows.set(who.student, { ...same, ...attemptOf(who) });
    else due.push({ who, hash });
  }
  const before = rows.size;
  const progress = new Progress(due.length);
  for (let at = 0; at < due.length && !signal?.aborted; at += AT_ONCE) {
    const some = due.slice(at, at + AT_ONCE).map(({ who, hash }) => {
      return { name: who.student, files: readFiles(step, who.directory), who, hash };
    });
    await gradeDue(step, some, grading, (one, work) => {
      const row = rowOf(work.who, one, version, work.hash);
      writeReports(one, folderOf(out, work.name));
      keepCode(out, work.name, codeOf(step, work.files));
      rows.set(work.name, keep(out, row));
      progress.one(`${work.name}: ${row.score} of ${row.most}`);
    });
  }
  const sorted = students.flatMap(({ student }) => rows.get(student) ?? []);
  const left = students.length - sorted.length;
  mkdirSync(out, { recursive: true });
  const manifest = { step: step.name, version, shard, roster: rosterHash(all) };
  const summary = left === 0 ? writeClass(out, step, sorted, manifest, book) : undefined;
  return { rows: sorted, before, left, wrong, took: progress.end(), ...(summary && { summary }) };
}

/** A student's row that still holds, from here; or else from one of the folders, out of which it is copied. */
function takenOver(out: string, student: string, from: readonly string[], isSame: (row: Row | undefined) => boolean) {
  const here = kept(out, student);
  if (isSame(here)) return here;
  for (const folder of from) {
    const row = kept(folder, student);
    if (!isSame(row)) continue;
    cpSync(folderOf(folder, student), folderOf(out, student), { recursive: true });
    return row;
  }
  return undefined;
}

interface DueWork extends Work, Due {
  readonly files: Files;
}

/** Who was in a worker that broke down is graded again, alone: one submission's harm is no other's. */
async function gradeDue(
  step: Step,
  due: readonly DueWork[],
  grading: ClassGrading,
  done: (grade: Grade, work: DueWork) => void,
): Promise<void> {
  const { signal, grader = grade } = grading;
  const left = new Map(due.map((work) => [work.name, work]));
  const onWork = ({ name }: Work, one: Grade) => {
    const work = left.get(name);
    if (signal?.aborted || one.broken || !work) return;
    left.delete(name);
    done(one, work);
  };
  const grades = await grader(step, due, { ...grading, onWork });
  for (const [at, work] of due.entries()) onWork(work, grades[at] as Grade);
  for (const work of left.values()) {
    const [one] = signal?.aborted ? [] : await grader(step, [work], { ...grading, jobs: 1 });
    if (one && !signal?.aborted) done(one, work);
  }
}

function keep(out: string, row: Row): Row {
  const file = fileOf(out, row.student);
  mkdirSync(folderOf(out, row.student), { recursive: true });
  writeFileAtomic.sync(file, json(row));
  return row;
}

/** What to say at the end. */
export function told({ rows, before, left, wrong, took, summary }: ClassGrade, out: string): string {
  const { entries = [], changes = [], notes = [] } = summary ?? {};
  const points = entries.map(({ mark }) => mark.score).sort((a, b) => a - b);
  const median = points[Math.floor(points.length / 2)] ?? 0;
  const trouble = rows.filter(({ state }) => state !== 'graded');
  const missing = entries.filter(({ mark }) => mark.state === 'missing').map(({ mark }) => mark.id);
  const gained = changes.filter(({ before, after }) => after > before).length;
  return [
    `${summary ? entries.length : rows.length} students: median ${median} of ${entries[0]?.mark.most ?? rows[0]?.most ?? 0} points (graded now: ${took}; before: ${before})`,
    ...wrong.map((text) => `  ${text}`),
    ...trouble.map(({ student, note }) => `  ${student}: ${note}`),
    ...(missing.length > 0 ? [`  nothing handed in (${missing.length}): ${missing.join(', ')}`] : []),
    ...(changes.length > 0
      ? [`  since the last time ${gained} gained and ${changes.length - gained} lost points: ${shown(out)}/changes.csv`]
      : []),
    ...notes.map((text) => `  ${text}`),
    left > 0
      ? `${left} are left: the same command goes on where it stopped`
      : `${shown(out)}/index.html has everything, and ${shown(out)}/grades.csv the points`,
  ].join('\n');
}
