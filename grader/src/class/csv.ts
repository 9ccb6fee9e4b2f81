import { stringify } from 'csv-stringify/sync';
import type { Row } from './row.ts';

/**
 * One line a student, one column a task. What begins as a spreadsheet's formula does is made text: names and notes are
 * chosen by students.
 */
export function csv(rows: readonly Row[]): string {
  const tasks = rows[0]?.tasks ?? [];
  const header = ['student', 'name', ...tasks.map(({ number, most }) => `task ${number} (${most})`)];
  return stringify(
    [
      [...header, 'total', 'max', 'state', 'note'],
      ...rows.map(({ student, name, tasks, score, most, state, note }) => {
        const points = tasks.map((one) => (one.state === 'not graded' ? '' : one.score));
        return [student, name, ...points, score, most, state, note];
      }),
    ],
    { escape_formulas: true },
  );
}
