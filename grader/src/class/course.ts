import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { shown } from '../step/workspace.ts';
import { cellOf, readTable, type Table } from './book/table.ts';
import { readManifest } from './manifest.ts';
import type { Rules } from './rules/class-file.ts';
import { dueOf, isOpen } from './rules/late.ts';
import { round } from './rules/points.ts';

/** What the class's rules say of a step in the course. */
export interface Terms {
  readonly weight: number;
  /** Whether a student still has time for it. */
  isOpenTo(student: string): boolean;
}

/** The terms of a step by the class's rules, at a time in milliseconds since 1970. */
export function termsBy(rules: Rules, step: number, now: number): Terms {
  return { weight: rules.weight ?? 1, isOpenTo: (student) => isOpen(dueOf(rules, step, [student]), now) };
}

/** One step's marks, and how much they count. */
export interface Part extends Terms {
  readonly step: string;
  /** By student. */
  readonly marks: ReadonlyMap<string, PartMark>;
}

interface PartMark {
  readonly name: string;
  /** Of the points that can be reached; undefined until the step is due. */
  readonly percent: number | undefined;
}

/**
 * Reads the marks of a step from a folder of results.
 *
 * @throws {Error} if it isn't a folder of results, or is only one shard
 */
export function readPart(folder: string, termsOf: (step: string) => Terms): Part {
  const { step, shard } = readManifest(folder);
  if (shard.count > 1)
    throw new Error(`${shown(folder)} has only shard ${shard.index}/${shard.count}: merge them first`);
  const table = readTable(readFileSync(join(folder, 'grades.csv')));
  const marks = new Map(table.rows.map((row) => [cellOf(table, row, 'student'), markIn(table, row)]));
  return { step, marks, ...termsOf(step) };
}

function markIn(table: Table, row: readonly string[]): PartMark {
  const [name, state] = [cellOf(table, row, 'name'), cellOf(table, row, 'state')];
  const [score, most] = [Number(cellOf(table, row, 'total')), Number(cellOf(table, row, 'max'))];
  return { name, percent: state === 'open' ? undefined : most === 0 ? 0 : round((100 * score) / most) };
}

/**
 * One line per student and one column per step, in percent, and the total by the steps' weights. A step that isn't due yet
 * doesn't count; a step that is due and for which a student isn't listed counts as 0.
 *
 * @throws {Error} if a step comes twice
 */
export function courseCsv(parts: readonly Part[]): string {
  const twice = parts.find(({ step }, at) => parts.findIndex((other) => other.step === step) < at);
  if (twice) throw new Error(`${twice.step} is there twice: give one folder of results for each step`);
  const students = new Map(parts.flatMap(({ marks }) => [...marks].map(([id, { name }]) => [id, name] as const)));
  const header = ['student', 'name', ...parts.map(({ step, weight }) => `${step} (weight ${weight})`), 'total %'];
  const lines = [...students].map(([id, name]) => {
    const percents = parts.map((part) => percentIn(part, id));
    return [id, name, ...percents, total(parts, percents)];
  });
  return stringify([header, ...lines], { escape_formulas: true });
}

function percentIn({ marks, isOpenTo }: Part, student: string): number | undefined {
  const mark = marks.get(student);
  if (mark) return mark.percent;
  return isOpenTo(student) ? undefined : 0;
}

function total(parts: readonly Part[], percents: readonly (number | undefined)[]): number | undefined {
  const counted = parts.flatMap(({ weight }, at) => {
    const percent = percents[at];
    return percent === undefined ? [] : [{ weight, percent }];
  });
  const weights = counted.reduce((sum, { weight }) => sum + weight, 0);
  if (weights === 0) return undefined;
  return round(counted.reduce((sum, { weight, percent }) => sum + weight * percent, 0) / weights);
}
