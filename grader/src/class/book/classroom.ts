import { key } from './person.ts';
import type { Filled, Grades, Platform } from './platform.ts';
import { cellOf, columnOf, pointsIn, type Table, withCells } from './table.ts';

/** The columns of the grades that GitHub Classroom hands out for an assignment. */
const GRADES = [
  ...['assignment_name', 'assignment_url', 'starter_code_url', 'github_username', 'roster_identifier'],
  ...[
    'student_repository_name',
    'student_repository_url',
    'submission_timestamp',
    'points_awarded',
    'points_available',
  ],
];

/**
 * GitHub Classroom: `classroom_roster.csv`, or an assignment's grades, which say when it was handed in. It imports no grades:
 * what goes back has the form of its grades, which Canvas' and Moodle's importers for it read.
 *
 * @see https://docs.github.com/en/education/manage-coursework-with-github-classroom
 */
export const classroom: Platform = {
  name: 'GitHub Classroom',
  reads: (table) => columnOf(table, 'github_username') >= 0 && columnOf(table, 'identifier', 'roster_identifier') >= 0,
  person(table, row) {
    const cell = (...names: string[]) => cellOf(table, row, ...names);
    const [identifier, user, name] = [cell('identifier', 'roster_identifier'), cell('github_username'), cell('name')];
    const id = identifier || user;
    if (id === '') return undefined;
    const time = Date.parse(cell('submission_timestamp').replace(/ UTC$/, 'Z').replace(' ', 'T'));
    return {
      id,
      name: name || identifier,
      keys: [
        ...key('github', user),
        ...key('sid', identifier),
        ...(identifier.includes('@') ? key('email', identifier) : []),
        ...key('name', name || identifier),
      ],
      section: '',
      ...(!Number.isNaN(time) && { time }),
    };
  },
  fill: (table, grades) => fill(columnOf(table, 'points_awarded') >= 0 ? table : gradesOf(table, grades), grades),
};

function fill(table: Table, grades: Grades): Filled {
  const [awarded, available] = ['points_awarded', 'points_available'].map((name) => columnOf(table, name));
  const rows = table.rows.map((row, index) => {
    const points = grades.of(index);
    if (points?.score === undefined) return [...row];
    const cells = new Map([
      [awarded ?? 0, pointsIn(table.form, points.score)],
      [available ?? 0, pointsIn(table.form, points.most)],
    ]);
    return withCells(row, cells);
  });
  return {
    table: { ...table, rows },
    notes: ['Classroom imports no grades: this is the form in which it hands them out'],
  };
}

/** A roster in the columns of grades. */
function gradesOf(table: Table, { assignment }: Grades): Table {
  const cell = (row: readonly string[], name: string) => {
    if (name === 'assignment_name') return assignment;
    return cellOf(table, row, name === 'roster_identifier' ? 'identifier' : name);
  };
  return { ...table, header: GRADES, rows: table.rows.map((row) => GRADES.map((name) => cell(row, name))) };
}
