import type { Row, RowTask } from '../row.ts';
import type { Rules } from './class-file.ts';
import { partOf, shownShare } from './units.ts';

/** A task, by the rules of the class. */
export interface MarkedTask {
  readonly number: number;
  readonly title: string;
  readonly score: number;
  /** Of so many; 0 for extra credit, which nobody must have. */
  readonly most: number;
  readonly state: RowTask['state'];
  readonly extra: boolean;
}

export interface Marked {
  readonly tasks: readonly MarkedTask[];
  readonly score: number;
  readonly most: number;
  /** What was applied, as sentences. */
  readonly applied: readonly string[];
}

/** What a submission's tasks are worth here. */
export function marked({ tasks }: Pick<Row, 'tasks'>, rules: Rules): Marked {
  const applied: string[] = [];
  const all = tasks.map((one) => markedTask(one, rules, applied));
  const sum = (points: (one: MarkedTask) => number) => round(all.reduce((sum, one) => sum + points(one), 0));
  return { tasks: all, score: sum(({ score }) => score), most: sum(({ most }) => most), applied };
}

function markedTask(one: RowTask, rules: Rules, applied: string[]): MarkedTask {
  const { points, groups = {}, extra = false, least } = rules.tasks[one.number] ?? {};
  const worth = (name: string, declared: number) => groups[name] ?? declared;
  const declared = one.groups.reduce((sum, group) => sum + worth(group.name, group.points), 0);
  const reached = one.groups.reduce(
    (sum, group) => sum + (group.points === 0 ? 0 : (worth(group.name, group.points) * group.score) / group.points),
    0,
  );
  const [score, most] = one.groups.length > 0 ? [reached, declared] : [one.score, one.most];
  const scale = points === undefined || most === 0 ? 1 : points / most;
  const whole = most * scale;
  const { number, title, state } = one;
  const enough = least === undefined || score * scale >= partOf(least, whole);
  if (!enough && score > 0) {
    applied.push(
      `task ${number}: ${round(score * scale)} of ${round(whole)} points are fewer than ${shownShare(least)}, so none`,
    );
  }
  return { number, title, state, extra, score: enough ? round(score * scale) : 0, most: extra ? 0 : round(whole) };
}

/** Two digits, as gradebooks have it. */
export function round(points: number): number {
  return Math.round(points * 100) / 100;
}
