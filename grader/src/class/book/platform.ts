import type { Person } from './person.ts';
import type { Table } from './table.ts';

/** What goes back to a platform of one student. */
export interface Points {
  /** Undefined where nothing is to be written: their deadline hasn't passed. */
  readonly score?: number;
  readonly most: number;
  /** What was applied: a sentence or two. */
  readonly note: string;
  /** Did they hand nothing in? */
  readonly missing: boolean;
}

/** What a table is filled in with. */
export interface Grades {
  /** `step-03`. */
  readonly assignment: string;
  /** The header of the column, where somebody chose it. */
  readonly column?: string;
  /** By the row of the table; undefined for somebody who isn't graded. */
  of(row: number): Points | undefined;
}

/** A table with grades in it, and what to say of it. */
export interface Filled {
  readonly table: Table;
  readonly notes: readonly string[];
}

/** A learning platform, by the files that it gives and takes. */
export interface Platform {
  readonly name: string;
  /** Is it one of its files? */
  reads(table: Table): boolean;
  /** Who a row is; undefined for what is nobody: a test student, a row of points. */
  person(table: Table, row: readonly string[], zone: string): Person | undefined;
  /** The file with grades, in the form that it imports. */
  fill(table: Table, grades: Grades): Filled;
}

/** Where the platform has other points for it than the homework has. */
export function scaled(theirs: number | undefined, ours: number): string[] {
  if (theirs === undefined || ours === 0 || theirs === ours) return [];
  return [`it has ${theirs} points there, and ${ours} here: they are written as parts of ${theirs}`];
}

/** What the homework is worth: for everybody the same. */
export function mostOf(table: Table, grades: Grades): number {
  for (const index of table.rows.keys()) {
    const points = grades.of(index);
    if (points) return points.most;
  }
  return 0;
}
