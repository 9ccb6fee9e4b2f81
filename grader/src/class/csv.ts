import { stringify } from 'csv-stringify/sync';
import type { Change } from './history.ts';
import type { Mark } from './rules/mark.ts';
import { shownTime } from './rules/units.ts';

/**
 * One line a student, one column a task. What begins as a spreadsheet's formula does is made text: names and notes are
 * chosen by students.
 */
export function csv(marks: readonly Mark[], zone = 'UTC'): string {
  const tasks = marks[0]?.tasks ?? [];
  const header = ['student', 'name', ...tasks.map(({ number, most }) => `task ${number} (${most})`)];
  return stringify(
    [
      [...header, 'total', 'max', 'state', 'note', 'applied', 'handed in', 'section'],
      ...marks.map(({ id, name, tasks, score, most, state, note, applied, time, section }) => {
        const points = tasks.map((one) => (one.state === 'not graded' ? '' : one.score));
        const when = time === undefined ? '' : shownTime(time, zone);
        return [id, name, ...points, score, most, state, note, applied.join('; '), when, section];
      }),
    ],
    { escape_formulas: true },
  );
}

/** Who gained and who lost since the last time. */
export function changesCsv(changes: readonly Change[]): string {
  const rows = changes.map(({ id, name, before, after, why }) => [
    id,
    name,
    before,
    after,
    after - before,
    why.join('; '),
  ]);
  return stringify([['student', 'name', 'before', 'after', 'by', 'why'], ...rows], { escape_formulas: true });
}
