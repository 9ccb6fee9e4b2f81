import { mkdirSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { grade } from '../grade.ts';
import { undoContainers } from '../isolation/container.ts';
import type { Grade } from '../report/grade.ts';
import { json, writeReports } from '../report/write.ts';
import type { Grading, Work } from '../running/work.ts';
import type { Step } from '../step/step.ts';
import { shown } from '../step/workspace.ts';
import { hashOf, readFiles } from '../submission/files.ts';
import { rosterHash } from './manifest.ts';
import { Progress } from './progress.ts';
import { rosterOf, type Student } from './roster.ts';
import { fileOf, folderOf, kept, type Row, rowOf, wrongRow } from './row.ts';
import { type Shard, shareOf } from './shard.ts';
import { writeClass } from './summary.ts';
import { versionOf } from './version.ts';

export interface ClassGrading extends Pick<Grading, 'seconds' | 'seed' | 'signal'> {
  readonly out: string;
  readonly jobs: number;
  readonly shard?: Shard;
}

/** How grading a class went. */
export interface ClassGrade {
  readonly rows: readonly Row[];
  /** How many of them were graded before. */
  readonly before: number;
  /** How many are left: the run was cut short. */
  readonly left: number;
  /** What is wrong with what the platform says of them. */
  readonly wrong: readonly string[];
  readonly took: string;
}

/** Something of a student's that is to be graded. */
interface Due extends Work {
  readonly who: Student;
  readonly hash: string;
}

/**
 * Grades a folder of submissions. Each student's results are written as soon as they are there, so that a run which ends
 * early, however it does, goes on where it stopped.
 */
export async function gradeClass(step: Step, directory: string, grading: ClassGrading): Promise<ClassGrade> {
  const { out, shard = { index: 1, count: 1 } } = grading;
  const { students: all, wrong } = rosterOf(step, directory);
  const students = shareOf(all, shard);
  const version = versionOf(step, grading);
  if (process.geteuid?.() === 0) await undoContainers(); // of a run that was killed
  const rows = new Map<string, Row>();
  const due: Due[] = [];
  for (const who of students) {
    const files = who.wrong === undefined ? readFiles(step, who.directory) : new Map();
    const hash = hashOf(files);
    const row = kept(out, who.student);
    if (who.wrong !== undefined) rows.set(who.student, keep(out, wrongRow(step, who, version)));
    else if (row?.version === version && row.files === hash && row.step === step.name) rows.set(who.student, row);
    else due.push({ name: who.student, files, who, hash });
  }
  const before = rows.size;
  const progress = new Progress(due.length);
  await gradeDue(step, due, grading, (one, work) => {
    const row = rowOf(work.who, one, version, work.hash);
    writeReports(one, folderOf(out, work.name));
    rows.set(work.name, keep(out, row));
    progress.one(`${work.name}: ${row.score} of ${row.most}`);
  });
  const sorted = students.flatMap(({ student }) => rows.get(student) ?? []);
  const left = students.length - sorted.length;
  mkdirSync(out, { recursive: true });
  if (left === 0) writeClass(out, sorted, { step: step.name, version, shard, roster: rosterHash(all) });
  return { rows: sorted, before, left, wrong, took: progress.end() };
}

/** Who was in a worker that broke down is graded again, alone: one submission's harm is no other's. */
async function gradeDue(
  step: Step,
  due: readonly Due[],
  grading: ClassGrading,
  done: (grade: Grade, work: Due) => void,
): Promise<void> {
  const { signal } = grading;
  const left = new Map(due.map((work) => [work.name, work]));
  const onWork = ({ name }: Work, one: Grade) => {
    const work = left.get(name);
    if (signal?.aborted || one.broken || !work) return;
    left.delete(name);
    done(one, work);
  };
  const grades = due.length > 0 ? await grade(step, due, { ...grading, onWork }) : [];
  for (const [at, work] of due.entries()) onWork(work, grades[at] as Grade);
  for (const work of left.values()) {
    const [one] = signal?.aborted ? [] : await grade(step, [work], { ...grading, jobs: 1 });
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
export function told({ rows, before, left, wrong, took }: ClassGrade, out: string): string {
  const points = rows.map(({ score }) => score).sort((a, b) => a - b);
  const median = points[Math.floor(points.length / 2)] ?? 0;
  const trouble = rows.filter(({ state }) => state !== 'graded');
  return [
    `${rows.length} students: median ${median} of ${rows[0]?.most ?? 0} points (graded now: ${took}; before: ${before})`,
    ...wrong.map((text) => `  ${text}`),
    ...trouble.map(({ student, note }) => `  ${student}: ${note}`),
    left > 0
      ? `${left} are left: the same command goes on where it stopped`
      : `${shown(out)}/index.html has everything, and ${shown(out)}/grades.csv the points`,
  ].join('\n');
}
