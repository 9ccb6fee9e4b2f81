import type { Late, Rules } from './class-file.ts';
import { round } from './points.ts';
import { instantOf, partOf, shownDuration, shownShare, shownTime } from './units.ts';

/** When somebody's work was due, and why then. */
export interface Due {
  readonly time: number;
  /** `extended to 2026-11-25 23:59: ill` */
  readonly extended?: string;
}

/** Somebody's own deadline: the last of their extensions, or the class's. */
export function dueOf(rules: Rules, step: number, ids: readonly string[]): Due | undefined {
  if (rules.due === undefined) return undefined;
  const wanted = ids.map((id) => id.toLowerCase());
  const theirs = rules.extensions
    .filter((one) => (one.step === undefined || one.step === step) && wanted.includes(one.student.toLowerCase()))
    .map(({ until, why }) => ({ time: instantOf(until, rules.timezone), until, why }))
    .sort((a, b) => b.time - a.time);
  const [last] = theirs;
  const due = instantOf(rules.due, rules.timezone);
  if (!last || last.time <= due) return { time: due };
  return { time: last.time, extended: `extended to ${last.until}${last.why === '' ? '' : `: ${last.why}`}` };
}

/** Whether there is still time to hand it in, without being late. */
export function isOpen(due: Due | undefined, now: number): due is Due {
  return due !== undefined && due.time > now;
}

/** The last deadline of anybody: after it, solutions may be shown. */
export function lastDue(rules: Rules, step: number): number | undefined {
  if (rules.due === undefined) return undefined;
  const { late, timezone } = rules;
  const times = rules.extensions.filter((one) => one.step === undefined || one.step === step).map((one) => one.until);
  return Math.max(...[rules.due, ...times].map((text) => instantOf(text, timezone))) + (late?.until ?? 0);
}

export interface Penalty {
  /** Points to be taken away. */
  readonly points: number;
  readonly applied: readonly string[];
}

/** What being late costs. */
export function penaltyOf(
  rules: Rules,
  due: Due | undefined,
  handedIn: { time?: number; late?: true },
  score: number,
): Penalty {
  if (!due) return { points: 0, applied: [] };
  const extended = due.extended === undefined ? [] : [due.extended];
  const { time, late: said } = handedIn;
  const by = time === undefined ? undefined : time - due.time;
  const when = time === undefined ? '' : ` (${shownTime(time, rules.timezone)})`;
  // A platform that says "late" and not by how much knows nothing of our extensions.
  const isLate = by === undefined ? said === true && !due.extended : by > (rules.late?.grace ?? 0);
  if (!isLate) return { points: 0, applied: extended };
  const how = by === undefined ? 'late, as the platform says, but not by how much' : `${shownDuration(by)} late${when}`;
  if (!rules.late) return { points: 0, applied: [...extended, `${how}; no rule takes points`] };
  if (rules.late.until !== undefined && (by ?? 0) > rules.late.until) {
    return { points: score, applied: [...extended, `${how}, after ${shownDuration(rules.late.until)}: no points`] };
  }
  const points = costOf(rules.late, by, score);
  return { points, applied: [...extended, `${how}: −${points} (${termsOf(rules.late)})`] };
}

/** Without a time, it is one of what each costs. */
function costOf({ grace, each, costs, most }: Late, by: number | undefined, score: number): number {
  const units = by === undefined ? 1 : Math.ceil((by - grace) / each);
  const cost = units * partOf(costs, score);
  return round(Math.min(cost, score, most === undefined ? Infinity : partOf(most, score)));
}

function termsOf({ each, costs, most }: Late): string {
  const limit = most === undefined ? '' : `, ${shownShare(most)} at most`;
  return `${shownShare(costs)} for each ${shownDuration(each).replace(/^1 /, '')} begun${limit}`;
}
