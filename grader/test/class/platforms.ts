import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Step } from '../../src/step/step.ts';
import { DUE, type Somebody, sources, write, writeFolder } from './made.ts';

/** A class in the form of a platform: its roster as it exports it, and its download of submissions. */
export interface Form {
  readonly name: string;
  /** @returns the paths of its CSV files */
  write(step: Step, folder: string, class_: readonly Somebody[]): string[];
  /** The column in which grades go back, and what a row is found by. */
  readonly column: string;
  readonly id: (one: Somebody) => string;
  readonly idColumn: string;
}

const time = (one: Somebody) => DUE + one.late * 60_000;
const handed = (class_: readonly Somebody[]) => class_.filter(({ right }) => right !== undefined);

/**
 * Canvas: `gradebook_exporter.rb` writes a row of "Manual Posting" where an assignment is posted by hand, then the points,
 * then students, then the test student; `content_zipper.rb` the loose files.
 */
const canvas: Form = {
  name: 'Canvas',
  write(step, folder, class_) {
    for (const one of handed(class_)) {
      const name = `${one.last}, ${one.first}`.toLowerCase().replaceAll(/[^\p{L}\p{N}_]/gu, '');
      for (const [path, text] of sources(step, one)) {
        const file = path.replace('src/', '').replace('.ts', one.number % 5 === 0 ? '-2.ts' : '.ts');
        const late = one.late > 0 ? 'LATE_' : '';
        write(join(folder, 'submissions', `${name}_${late}${one.number}_${90_000 + one.number}_${file}`), text);
      }
    }
    const rows = [
      [
        'Student',
        'ID',
        'SIS User ID',
        'SIS Login ID',
        'Section',
        'Homework 2 (811)',
        'Homework 3 (812)',
        'Current Score',
      ],
      ['', '', '', '', '', '', 'Manual Posting', ''],
      ['    Points Possible', '', '', '', '', '20.00', '100.00', '(read only)'],
      ...class_.map(({ first, last, number, sid, login }, at) => {
        const section = at % 2 === 0 ? 'Mon and Tue' : 'Wed';
        return [`${last}, ${first}`, String(number), sid, login, section, '17.50', at === 5 ? 'EX' : '', '87.5'];
      }),
      ['Student, Test', '1', '', 'f3a9', 'Wed', '', '', ''],
    ];
    const path = join(folder, '2026-11-21T0801_Grades-CONT.csv');
    write(path, stringify(rows, { bom: true }));
    return [path];
  },
  column: 'Homework 3 (812)',
  id: ({ number }) => String(number),
  idColumn: 'ID',
};

/** Moodle: the grading worksheet, with BOM and CRLF, and a folder for each who handed in. */
const moodle: Form = {
  name: 'Moodle',
  write(step, folder, class_) {
    for (const one of handed(class_)) {
      const place = join(folder, 'submissions', `${one.first} ${one.last}_${one.number}_assignsubmission_file_`);
      for (const [path, text] of sources(step, one)) write(join(place, path.replace('src/', '')), text);
    }
    const day = (at: number) => {
      const parts = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'Europe/Vienna' }).format(at);
      const clock = new Intl.DateTimeFormat('en-US', { timeStyle: 'short', timeZone: 'Europe/Vienna' }).format(at);
      return `${parts.replace(/^(\w+) /, '$1, ')}, ${clock.replace('\u202f', ' ')}`;
    };
    const header = [
      ...['Identifier', 'Full name', 'ID number', 'Email address', 'Status', 'Grade', 'Maximum Grade'],
      ...['Grade can be changed', 'Last modified (submission)', 'Last modified (grade)', 'Feedback comments'],
    ];
    const rows = class_.map((one, at) => {
      const isThere = one.right !== undefined;
      const status = isThere ? `Submitted for grading${one.late > 0 ? ' - 2 hours late' : ''} - ` : 'No submission - ';
      const feedback = at === 3 ? 'Well done,\nsays "I"' : '';
      const who = [`Participant ${one.number}`, `${one.first} ${one.last}`, one.sid, one.email, status];
      return [...who, '', '100.00', at === 6 ? 'No' : 'Yes', isThere ? day(time(one)) : '-', '-', feedback];
    });
    const path = join(folder, 'Grades-CONT-Homework 3-4711.csv');
    write(path, stringify([header, ...rows], { bom: true, record_delimiter: '\r\n' }));
    return [path];
  },
  column: 'Grade',
  id: ({ number }) => `Participant ${number}`,
  idColumn: 'Identifier',
};

/** Gradescope: the grades of an assignment, and its export of submissions. */
const gradescope: Form = {
  name: 'Gradescope',
  write(step, folder, class_) {
    let metadata = '';
    for (const one of handed(class_)) {
      writeFolder(step, join(folder, 'submissions', `submission_${one.number}`), one);
      const at = new Date(time(one)).toISOString().replace('T', ' ').replace('Z', ' Z');
      metadata += `submission_${one.number}:\n  :submitters:\n  - :name: ${JSON.stringify(`${one.first} ${one.last}`)}\n`;
      metadata += `    :sid: '${one.sid}'\n    :email: ${one.email}\n  :created_at: ${at}\n  :score: 0.0\n`;
    }
    write(join(folder, 'submissions/submission_metadata.yml'), metadata);
    const header = [
      ...['First Name', 'Last Name', 'SID', 'Email', 'Sections', 'Total Score', 'Max Points', 'Status'],
      ...['Submission ID', 'Submission Time', 'Lateness (H:M:S)', 'View Count', 'Submission Count'],
    ];
    const rows = class_.map((one) => {
      const isThere = one.right !== undefined;
      const at = `${new Date(time(one)).toISOString().slice(0, 19).replace('T', ' ')} +0000`;
      const who = [one.first, one.last, one.sid, one.email, 'Wed', '', '70.0', isThere ? 'Ungraded' : 'Missing'];
      return [...who, ...(isThere ? [String(one.number), at, '00:00:00', '0', '1'] : ['', '', '', '', ''])];
    });
    const path = join(folder, 'Homework_3_scores.csv');
    write(path, stringify([header, ...rows]));
    return [path];
  },
  column: 'Total Score',
  id: ({ email }) => email,
  idColumn: 'Email',
};

/** GitHub Classroom: every cell in quotes; clones of repositories. */
const classroom: Form = {
  name: 'GitHub Classroom',
  write(step, folder, class_) {
    for (const one of handed(class_)) writeFolder(step, join(folder, 'submissions', `step-03-${one.github}`), one);
    const roster = [
      ['identifier', 'github_username', 'github_id', 'name'],
      ...class_.map((one) => [one.email, one.right ? one.github : '', one.right ? String(one.number) : '', '']),
    ];
    const grades = [
      ...['assignment_name', 'assignment_url', 'starter_code_url', 'github_username', 'roster_identifier'],
      ...[
        'student_repository_name',
        'student_repository_url',
        'submission_timestamp',
        'points_awarded',
        'points_available',
      ],
    ];
    const rows = handed(class_).map((one) => {
      const repository = `step-03-${one.github}`;
      const at = new Date(time(one)).toISOString().slice(0, 19).replace('T', ' ');
      const place = ['step-03', 'https://classroom.github.com/a', 'https://api.github.com/repos/o/s', one.github];
      return [...place, one.email, repository, `https://github.com/o/${repository}`, `${at} UTC`, '0', '70'];
    });
    const paths = ['classroom_roster.csv', 'grades-step-03.csv'].map((name) => join(folder, name));
    for (const [at, table] of [roster, [grades, ...rows]].entries())
      write(paths[at] ?? '', stringify(table, { quoted: true }));
    return paths;
  },
  column: 'points_awarded',
  id: ({ email }) => email,
  idColumn: 'roster_identifier',
};

export const FORMS = [canvas, moodle, gradescope, classroom];
