import { storyLines } from '../../report/terminal.ts';
import type { RowTask } from '../row.ts';
import { type Html, html } from './html.ts';
import type { Seen } from './seen.ts';

const STATES = ['passed', 'failed', 'untouched', 'not graded'] as const;

/** For each task, who passed, failed, never began; how many points they have; and what failed most, with an example. */
export function taskTable(all: readonly Seen[]): Html {
  const graded = all.filter(({ row }) => row !== undefined);
  const tasks = all[0]?.mark.tasks ?? [];
  const parts = tasks.map(({ number, title, most, extra }) => {
    const theirs = graded.flatMap(({ row, ...seen }) => {
      const task = row?.tasks.find((one) => one.number === number);
      return task ? [{ task, seen }] : [];
    });
    const counts = STATES.map((state) => theirs.filter(({ task }) => task.state === state).length);
    const bar = counts.map((many, at) => html`<i class="${classOf(STATES[at] ?? '')}" style="flex-grow:${many}"></i>`);
    const scores = graded.flatMap(({ mark }) => mark.tasks.filter((one) => one.number === number));
    return html`<tr><th scope="row">${number} ${title}</th><td>${extra ? 'extra' : most}</td>${counts.map((many) => html`<td>${many}</td>`)}
<td><div class="bar" aria-hidden="true">${bar}</div></td><td>${distribution(scores.map(({ score }) => score))}</td><td>${worst(theirs)}</td></tr>\n`;
  });
  return html`<div class="scrolls"><table class="sortable">
<thead><tr><th>task</th><th>points</th>${STATES.map((state) => html`<th>${state}</th>`)}<th>share</th><th>points: students</th><th>what failed most, of what was begun</th></tr></thead>
<tbody>
${parts}</tbody>
</table></div>`;
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
  readonly seen: Omit<Seen, 'row'>;
}

function worst(theirs: readonly Theirs[]): Html | string {
  const counts = new Map<string, Theirs[]>();
  for (const one of theirs) {
    for (const test of one.task.state === 'failed' ? one.task.failed : []) {
      const found = counts.get(test);
      if (found) found.push(one);
      else counts.set(test, [one]);
    }
  }
  const sorted = [...counts].sort(([, a], [, b]) => b.length - a.length).slice(0, WORST);
  return sorted.length === 0 ? '–' : html`${sorted.map(([test, who]) => failure(test, who))}`;
}

/** An example is somebody whose story tells of that very test. */
function failure(test: string, who: readonly Theirs[]): Html {
  const example = who.find(({ task }) => task.story?.test === test);
  const title = `${who.length}: ${test}`;
  if (!example?.task.story) return html`<div>${title}</div>`;
  const { seen, task } = example;
  return html`<details><summary>${title}</summary><pre>${storyLines(task.story as NonNullable<RowTask['story']>).join('\n')}</pre><a href="${seen.file}">${seen.id}</a></details>`;
}

export function classOf(state: string): string {
  return state.replace(' ', '-');
}
