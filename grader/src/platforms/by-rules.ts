import type { Rules } from '../class/rules/class-file.ts';
import { marked, round } from '../class/rules/points.ts';
import { instantOf } from '../class/rules/units.ts';
import type { Grade } from '../report/grade.ts';
import type { Result, Results, Visibility } from '../report/results.ts';

/**
 * Gradescope's results with the points of a class.yml, and shown when it says. Lateness is Gradescope's own affair, and no
 * score is told in words while something is hidden.
 *
 * @param now - milliseconds since 1970: what is hidden until later stays so until Gradescope grades it again
 */
export function byRules(report: Results, { tasks }: Grade, rules: Rules, now: number): Results {
  const rows = tasks.map(({ task, ...rest }) => ({
    ...rest,
    number: task.number,
    title: task.title,
    most: task.points,
  }));
  const { tasks: worth, score, most } = marked({ tasks: rows }, rules);
  const tests = report.tests.map((test): Result => {
    const number = Number.parseInt(test.number, 10);
    const one = worth.find((task) => task.number === number);
    const before = tasks.find(({ task }) => task.number === number);
    if (!one || !before) return test;
    const { groups = {}, points } = rules.tasks[number] ?? {};
    const weight = (name: string, declared: number) => groups[name] ?? declared;
    const whole = before.groups.reduce((sum, group) => sum + weight(group.name, group.points), 0) || before.task.points;
    const scale = (points ?? whole) / whole;
    const group = before.groups[Number(test.number.split('.')[1]) - 1];
    const full = round((group ? weight(group.name, group.points) : before.task.points) * scale);
    // Fewer than the least of the task are none in each of its groups, too.
    const reached = one.score === 0 || test.max_score === 0 ? 0 : round((full * test.score) / test.max_score);
    return { ...test, score: reached, max_score: one.extra ? 0 : full, visibility: visibilityOf(rules, number, now) };
  });
  const isHidden = tests.some(({ visibility }) => visibility !== 'visible');
  const [, ...rest] = report.output.split('\n');
  return {
    ...report,
    score,
    tests,
    output: isHidden ? rest.join('\n') : [`${score} of ${most} points`, ...rest].join('\n'),
    extra_data: { ...report.extra_data, max_score: most },
  };
}

function visibilityOf({ tasks, hidden, timezone }: Rules, task: number, now: number): Visibility {
  const until = tasks[task]?.hidden ?? hidden;
  if (until === undefined) return 'visible';
  if (until === 'due') return 'after_due_date';
  if (until === 'published') return 'after_published';
  return instantOf(until, timezone) > now ? 'hidden' : 'visible';
}
