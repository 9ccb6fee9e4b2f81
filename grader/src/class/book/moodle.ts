import { instantOf } from '../rules/units.ts';
import { key } from './person.ts';
import { type Filled, type Grades, mostOf, type Platform, type Points, scaled } from './platform.ts';
import { cellOf, columnOf, numberIn, pointsIn, type Table, withCells } from './table.ts';

/** With this begins feedback of ours: what somebody wrote by hand stays. */
const OURS = 'Boxstep: ';

/**
 * Moodle: an assignment's grading worksheet (Submissions, Actions, Download grading worksheet), which goes back as it was
 * with grades in it; or a list of participants, which goes back with a column of points, for Grades, Import, CSV file.
 *
 * @see https://docs.moodle.org/en/Offline_marking
 */
export const moodle: Platform = {
  name: 'Moodle',
  reads: (table) => columnOf(table, 'Email address') >= 0 && (isWorksheet(table) || columnOf(table, 'First name') >= 0),
  person(table, row, zone) {
    const cell = (...names: string[]) => cellOf(table, row, ...names);
    const name = cell('Full name') || [cell('First name'), cell('Last name', 'Surname')].filter(Boolean).join(' ');
    const [email, number, participant] = [cell('Email address'), cell('ID number'), cell('Identifier')];
    const id = email || number || participant;
    if (id === '') return undefined;
    const time = timeOf(cell('Last modified (submission)'), zone);
    return {
      id,
      name: name || participant,
      keys: [
        ...key('moodle', /\d+$/.exec(participant)?.[0]),
        ...key('email', email),
        ...key('sid', number),
        ...key('name', name),
      ],
      section: cell('Group', 'Groups'),
      ...(time !== undefined && { time }),
    };
  },
  fill: (table, grades) => (isWorksheet(table) ? worksheet(table, grades) : participants(table, grades)),
};

function isWorksheet(table: Table): boolean {
  return columnOf(table, 'Identifier') >= 0 && columnOf(table, 'Grade') >= 0;
}

/** `Friday, 20 November 2026, 11:59 PM`, by the clock of the user who downloads it; `-` for nothing. */
function timeOf(cell: string, zone: string): number | undefined {
  const asUtc = Date.parse(`${cell.replace(/^\p{L}+, /u, '').replace(/, (?=\d+:)/, ' ')} UTC`);
  return Number.isNaN(asUtc) ? undefined : instantOf(new Date(asUtc).toISOString().slice(0, 19), zone);
}

function worksheet(table: Table, grades: Grades): Filled {
  const [grade, feedback] = [columnOf(table, 'Grade'), columnOf(table, 'Feedback comments')];
  const whole = (row: readonly string[]) => numberIn(cellOf(table, row, 'Maximum Grade'));
  const rows = table.rows.map((row, index) => {
    const points = grades.of(index);
    if (points?.score === undefined || cellOf(table, row, 'Grade can be changed') === 'No') return [...row];
    const cells = new Map([[grade, pointsIn(table.form, (points.score * (whole(row) ?? points.most)) / points.most)]]);
    if (feedback >= 0 && writable(row[feedback])) cells.set(feedback, said(points));
    return withCells(row, cells);
  });
  return { table: { ...table, rows }, notes: scaled(whole(table.rows[0] ?? []), mostOf(table, grades)) };
}

function writable(cell = ''): boolean {
  return cell.trim() === '' || cell.startsWith(OURS);
}

/** Moodle takes it as HTML. */
function said({ score = 0, most, note }: Points): string {
  const text = `${OURS}${Math.round(score * 100) / 100} of ${most} points. ${note}`.trim();
  return text.replaceAll(/[&<>]/g, (sign) => `&#${sign.codePointAt(0)};`);
}

function participants(table: Table, grades: Grades): Filled {
  const rows = table.rows.map((row, index) => {
    const { score } = grades.of(index) ?? {};
    return [
      ...withCells(row, new Map([[table.header.length - 1, row[table.header.length - 1] ?? '']])),
      score === undefined ? '' : pointsIn(table.form, score),
    ];
  });
  const column = grades.column ?? `Homework: ${grades.assignment}`;
  return {
    table: { ...table, header: [...table.header, column], rows },
    notes: [
      `in Moodle: Grades, Import, CSV file; "Email address" maps to "Email address", and "${column}" to the item`,
    ],
  };
}
