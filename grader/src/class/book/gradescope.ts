import { key } from './person.ts';
import type { Filled, Grades, Platform } from './platform.ts';
import { cellOf, columnOf, pointsIn, type Table, withCells } from './table.ts';

/** The columns of the grades that Gradescope hands out for an assignment. */
const GRADES = [
  ...['First Name', 'Last Name', 'SID', 'Email', 'Sections', 'Total Score', 'Max Points', 'Status'],
  ...['Submission ID', 'Submission Time', 'Lateness (H:M:S)', 'View Count', 'Submission Count'],
];

/**
 * Gradescope: a course's roster, or an assignment's grades. It imports no grades, since its own autograder makes them; what
 * goes back has the form of its grades, which other gradebooks read.
 *
 * @see https://guides.gradescope.com/hc/en-us/articles/22066635961357
 */
export const gradescope: Platform = {
  name: 'Gradescope',
  reads: (table) => columnOf(table, 'SID') >= 0 && columnOf(table, 'Email') >= 0,
  person(table, row) {
    const cell = (...names: string[]) => cellOf(table, row, ...names);
    const role = cell('Role').toLowerCase();
    const name = cell('Name', 'Full Name') || [cell('First Name'), cell('Last Name')].filter(Boolean).join(' ');
    const [sid, email] = [cell('SID'), cell('Email')];
    const id = email || sid;
    if (id === '' || (role !== '' && role !== 'student')) return undefined;
    const time = Date.parse(cell('Submission Time'));
    return {
      id,
      name,
      keys: [
        ...key('gradescope', cell('Submission ID')),
        ...key('email', email),
        ...key('sid', sid),
        ...key('name', name),
      ],
      section: cell('Sections', 'Section'),
      ...(!Number.isNaN(time) && { time }),
    };
  },
  fill: (table, grades) => fill(columnOf(table, 'Total Score') >= 0 ? table : gradesOf(table), grades),
};

function fill(table: Table, grades: Grades): Filled {
  const [score, most, status] = ['Total Score', 'Max Points', 'Status'].map((name) => columnOf(table, name));
  const rows = table.rows.map((row, index) => {
    const points = grades.of(index);
    if (points?.score === undefined) return [...row];
    return withCells(
      row,
      new Map([
        [score ?? 0, pointsIn(table.form, points.score)],
        [most ?? 0, pointsIn(table.form, points.most)],
        [status ?? 0, points.missing ? 'Missing' : 'Graded'],
      ]),
    );
  });
  return {
    table: { ...table, rows },
    notes: ['Gradescope imports no grades: this is the form in which it hands them out'],
  };
}

/** A roster in the columns of grades. */
function gradesOf(table: Table): Table {
  const cell = (row: readonly string[], name: string) => {
    const [first = '', ...last] = cellOf(table, row, 'Name', 'Full Name').split(' ');
    if (name === 'First Name') return cellOf(table, row, name) || first;
    if (name === 'Last Name') return cellOf(table, row, name) || last.join(' ');
    return name === 'Sections' ? cellOf(table, row, 'Sections', 'Section') : cellOf(table, row, name);
  };
  return { ...table, header: GRADES, rows: table.rows.map((row) => GRADES.map((name) => cell(row, name))) };
}
