import { key, login } from './person.ts';
import { type Filled, type Grades, mostOf, type Platform, scaled } from './platform.ts';
import { cellOf, columnOf, numberIn, pointsIn, type Table } from './table.ts';

/** By these Canvas finds a student again; all that are there go back. */
const WHO = [
  ...['Student', 'LastName', 'FirstName', 'ID', 'SIS User ID', 'SIS Login ID'],
  ...['Integration ID', 'Root Account', 'Section'],
];

/** What an instructor has said of a student, and no score. */
const SAID = ['EX', 'N/A'];

/**
 * Canvas: its gradebook's export. Only the columns that say who, and that of the assignment, go back: others may have newer
 * scores in Canvas by then.
 *
 * @see https://community.canvaslms.com/t5/Instructor-Guide/How-do-I-import-grades-in-the-Gradebook/ta-p/807
 */
export const canvas: Platform = {
  name: 'Canvas',
  reads: (table) => columnOf(table, 'Student', 'LastName') >= 0 && columnOf(table, 'ID') >= 0,
  person(table, row) {
    const cell = (...names: string[]) => cellOf(table, row, ...names);
    const [last, first] = [cell('LastName'), cell('FirstName')];
    const name = cell('Student') || [last, first].filter(Boolean).join(', ');
    const id = cell('ID');
    if (!/^\d+(~\d+)?$/.test(id) || /^Student, Test$/.test(name)) return undefined;
    const [user, account] = [cell('SIS User ID'), cell('SIS Login ID')];
    return {
      id: account || user || id,
      name: unquoted(name).split(/,\s*/).reverse().join(' '),
      keys: [...key('canvas', id), ...key('sid', user), ...login(account), ...key('name', unquoted(name))],
      section: cell('Section'),
    };
  },
  fill,
};

/** A name that begins as a formula: Canvas writes it as `="=name"`. */
function unquoted(name: string): string {
  return /^="(.*)"$/s.exec(name)?.[1] ?? name;
}

function fill(table: Table, grades: Grades): Filled {
  const at = assignmentOf(table, grades);
  const header = at < 0 ? (grades.column ?? `Homework: ${grades.assignment}`) : (table.header[at] ?? '');
  const who = table.header.flatMap((cell, column) => (WHO.includes(cell) ? [column] : []));
  const possible = table.rows.find((row) => row[0]?.trim() === 'Points Possible');
  const most = at < 0 || !possible ? undefined : numberIn(possible[at]);
  const rows = table.rows.map((row, index) => {
    const points = grades.of(index);
    const before = row[at] ?? '';
    const cell = (text: string) => [...who.map((column) => row[column] ?? ''), text];
    if (row === possible) return cell(before || pointsIn(table.form, mostOf(table, grades)));
    if (points?.score === undefined || SAID.includes(before.trim())) return cell(before);
    return cell(pointsIn(table.form, points.score * ((most ?? points.most) / points.most)));
  });
  return {
    table: { ...table, header: [...who.map((column) => table.header[column] ?? ''), header], rows },
    notes: [
      ...(at < 0 ? [`the gradebook has no column for it: Canvas will ask what "${header}" is, and can make it`] : []),
      ...scaled(most, mostOf(table, grades)),
    ],
  };
}

/** The column of an assignment, whose header is `Homework 3 (12345)`: by its name, or the one that names the step. */
function assignmentOf(table: Table, { assignment, column }: Grades): number {
  const titles = table.header.map((cell) => cell.replace(/\s*\(\d+\)$/, ''));
  if (column !== undefined) return titles.findIndex((title, at) => column === title || column === table.header[at]);
  const number = Number(assignment.replace('step-', ''));
  const named = new RegExp(`\\b(?:step|homework|hw|lab|assignment)[ _-]*0*${number}\\b`, 'i');
  const found = titles.flatMap((title, at) =>
    /\(\d+\)$/.test(table.header[at] ?? '') && named.test(title) ? [at] : [],
  );
  return found.length === 1 ? (found[0] ?? -1) : -1;
}
