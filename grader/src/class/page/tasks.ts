import { storyLines } from '../../report/terminal.ts';
import type { RowTask } from '../row.ts';
import { type Html, html } from './html.ts';
import type { Seen } from './seen.ts';

const STATES = ['passed', 'failed', 'untouched', 'not graded'] as const;

/** For each task, who passed, failed, never began; and how many have how many points. */
export function taskTable(all: readonly Seen[]): Html {
  const parts = tasksOf(all).map(({ number, title, most, extra, theirs }) => {
    const counts = STATES.map((state) => theirs.filter(({ task }) => task.state === state).length);
    const bar = counts.map((many, at) => html`<i class="${classOf(STATES[at] ?? '')}" style="flex-grow:${many}"></i>`);
    const scores = theirs.map(({ seen }) => seen.mark.tasks.find((one) => one.number === number)?.score ?? 0);
    return html`<tr><th scope="row">${number} ${title}</th><td>${extra ? 'extra' : most}</td>${counts.map((many) => html`<td>${many}</td>`)}<td><div class="bar" aria-hidden="true">${bar}</div></td><td>${distribution(scores)}</td></tr>\n`;
  });
  return html`<div class="scrolls"><table class="sortable">
<thead><tr><th>task</th><th>points</th>${STATES.map((state) => html`<th>${state}</th>`)}<th>share</th><th>points: students</th></tr></thead>
<tbody>
${parts}</tbody>
</table></div>`;
}

/** What failed most in each task, of what was begun, with an example. */
export function failures(all: readonly Seen[]): Html {
  const parts = tasksOf(all).map(({ number, title, theirs }) => {
    const found = worst(theirs);
    return found.length === 0 ? html`` : html`<h3>${number} ${title}</h3>${found}`;
  });
  return html`${parts}`;
}

/** The tasks, each with who handed something in. */
function tasksOf(all: readonly Seen[]) {
  return (all[0]?.mark.tasks ?? []).map((one) => {
    const theirs = all.flatMap((seen): Theirs[] => {
      const task = seen.row?.tasks.find(({ number }) => number === one.number);
      return task ? [{ task, seen }] : [];
    });
    return { ...one, theirs };
  });
}

/** `0: 12, 10: 30`; where there are many, the ends and the middle. */
function distribution(scores: readonly number[]): string {
  const counts = new Map<number, number>();
  for (const score of scores) counts.set(score, (counts.get(score) ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => a - b);
  if (sorted.length <= 6) return sorted.map(([score, many]) => `${score}: ${many}`).join(', ');
  const order = [...scores].sort((a, b) => a - b);
  const at = (share: number) => order[Math.floor(share * (order.length - 1))] ?? 0;
  return `from ${at(0)} to ${at(1)}, half from ${at(0.25)} to ${at(0.75)}`;
}

/** How many tests of a task are listed. */
const WORST = 3;

interface Theirs {
  readonly task: RowTask;
  readonly seen: Seen;
}

function worst(theirs: readonly Theirs[]): Html[] {
  const counts = new Map<string, Theirs[]>();
  for (const one of theirs) {
    for (const test of one.task.state === 'failed' ? one.task.failed : []) {
      const found = counts.get(test);
      if (found) found.push(one);
      else counts.set(test, [one]);
    }
  }
  const sorted = [...counts].sort(([, a], [, b]) => b.length - a.length);
  return sorted.slice(0, WORST).map(([test, who]) => failure(test, who));
}

/** The best example is somebody whose story tells of that very test. */
function failure(test: string, who: readonly Theirs[]): Html {
  const example = who.find(({ task }) => task.story?.test === test) ?? who[0];
  if (!example) return html``;
  const { seen, task } = example;
  const story = task.story ? html`<pre>${storyLines(task.story).join('\n')}</pre>` : '';
  return html`<details><summary>${who.length}: ${test}</summary>${story}<p>This is <a href="${seen.file}">${seen.id}</a>.</p></details>
`;
}

export function classOf(state: string): string {
  return state.replace(' ', '-');
}
