import type { Body } from '../../checking/bodies.ts';
import type { Step, Task } from '../../step/step.ts';
import type { Row, RowTask } from '../row.ts';
import type { Mark } from '../rules/mark.ts';
import { frame } from './frame.ts';
import { type Html, html } from './html.ts';
import { toldOf } from './student.ts';

/** What a student may see, and when. */
export interface Open {
  /** Right solutions, once everybody's deadline has passed. */
  readonly right: readonly Body[];
  /** Why a task's result isn't shown yet. */
  hidden(task: number): string | undefined;
}

/** How many right solutions are shown. */
const SHOWN = 3;

/** The page to hand back to a student: what they have, what failed and why, and what to do next. */
export function ownPage(step: Step, mark: Mark, row: Row | undefined, open: Open): string {
  const done = row?.tasks.filter(({ state }) => state === 'passed').length ?? 0;
  const isHidden = step.tasks.some(({ number }) => open.hidden(number) !== undefined);
  const total = isHidden ? 'Some results are not shown yet.' : `${mark.score} of ${mark.most} points.`;
  const body = html`<p>${total} ${done} of ${step.tasks.length} tasks are done.</p>
${mark.applied.length === 0 ? '' : html`<ul>${mark.applied.map((one) => html`<li>${one}</li>`)}</ul>`}
${next(step, row, open)}
${step.tasks.map((task) => part(task, row, mark, open))}`;
  return frame(`${step.name}, ${mark.name || mark.id}`, body);
}

function part(task: Task, row: Row | undefined, mark: Mark, open: Open): Html {
  const one = row?.tasks.find(({ number }) => number === task.number);
  const why = open.hidden(task.number);
  const points = mark.tasks.find(({ number }) => number === task.number);
  const worth = points?.extra ? 'extra credit' : `of ${points?.most ?? task.points}`;
  return html`<section><h2>${task.number} ${task.title}</h2>
${why === undefined ? html`<p>${points?.score ?? 0} ${worth}</p>${one ? html`<pre>${toldOf(one)}</pre>` : ''}` : html`<p>${why}</p>`}
${solutions(open.right.filter((body) => body.task === task.number))}</section>
`;
}

/** One thing to do next: the first task that was begun and isn't right; otherwise the first that wasn't begun. */
function next(step: Step, row: Row | undefined, open: Open): Html | string {
  const left = (row?.tasks ?? []).filter((one) => one.state !== 'passed' && open.hidden(one.number) === undefined);
  const one = left.find(({ state }) => state === 'failed') ?? left[0];
  const task = step.tasks.find(({ number }) => number === (one?.number ?? (row ? undefined : step.tasks[0]?.number)));
  if (!task) return '';
  return html`<h2>What to do next</h2>
<p>Task ${task.number}, in <code>${task.file}</code>. ${one ? advice(one) : 'Nothing was handed in: begin with this one.'}</p>
<ul><li>A first hint: ${task.hints[0] ?? ''}</li>
<li>Another: <code>pnpm homework hint ${step.number} ${task.number}</code></li>
<li>See it at every save: <code>pnpm homework watch ${step.number}</code></li></ul>`;
}

function advice({ state, passed, tests, story, reason }: RowTask): string {
  if (state === 'untouched') return 'You have not begun it.';
  if (state === 'not graded') return reason ?? 'It could not be graded.';
  return `${passed} of ${tests} tests pass. ${story ? `Begin with this one: "${story.test}".` : ''}`;
}

function solutions(right: readonly Body[]): Html | string {
  if (right.length === 0) return '';
  const one = ({ says, imports, body }: Body) =>
    html`<h4>${says}</h4><pre class="code">${[imports, body].filter((text) => text !== '').join('\n')}</pre>`;
  return html`<details><summary>Right in other ways</summary>${right.slice(0, SHOWN).map(one)}</details>`;
}
