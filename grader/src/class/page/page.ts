import type { Change } from '../history.ts';
import type { Manifest } from '../manifest.ts';
import { frame } from './frame.ts';
import { type Html, html } from './html.ts';
import type { Seen } from './seen.ts';
import { studentTable } from './students.ts';
import { failures, taskTable } from './tasks.ts';

/** The class on one page, with a page for each student beside it. */
export function page(
  all: readonly Seen[],
  { step, version, shard }: Pick<Manifest, 'step' | 'version' | 'shard'>,
  changes: readonly Change[] = [],
): string {
  const of = shard.count === 1 ? '' : `, shard ${shard.index} of ${shard.count}`;
  const body = html`${summary(all)}
<h2>Tasks</h2>
${taskTable(all)}
<h2>What failed most</h2>
${failures(all)}
<h2>Points</h2>
${histogram(all)}
${changes.length === 0 ? '' : changeTable(changes)}
<h2>Students</h2>
${studentTable(all)}
<footer>Graded by version ${version} of tests and grader.</footer>`;
  return frame(`${step}: ${all.length} students${of}`, body, true);
}

function summary(all: readonly Seen[]): Html {
  const points = all.map(({ mark }) => mark.score).sort((a, b) => a - b);
  const most = all[0]?.mark.most ?? 0;
  const mean = points.reduce((a, b) => a + b, 0) / Math.max(1, points.length);
  const count = (is: (one: Seen) => boolean) => all.filter(is).length;
  return html`<p>Of ${most} points: median ${points[Math.floor(points.length / 2)] ?? 0}, mean ${mean.toFixed(1)}. Full marks:
${count(({ mark }) => mark.score >= most)}; none: ${count(({ mark }) => mark.score === 0)}. Nothing handed in:
${count(({ mark }) => mark.state === 'missing')}, not due yet: ${count(({ mark }) => mark.state === 'open')}. Could not be graded, or not
fully: ${count(({ mark }) => mark.state === 'wrong' || mark.state === 'partly')}.</p>`;
}

/** How many have how many points, in ten steps; more than all, by extra credit, counts as all. */
function histogram(all: readonly Seen[]): Html {
  const most = all[0]?.mark.most ?? 0;
  const tenthOf = (score: number) => Math.min(10, Math.floor((10 * score) / Math.max(1, most)));
  const bins = Array.from({ length: 11 }, (_, tenth) => all.filter(({ mark }) => tenthOf(mark.score) === tenth).length);
  const largest = Math.max(1, ...bins);
  const line = (many: number, tenth: number) => {
    const from = Math.ceil((tenth * most) / 10);
    const to = tenth === 10 ? most : Math.max(from, Math.ceil(((tenth + 1) * most) / 10) - 1);
    const label = from === to ? String(from) : `${from} to ${to}`;
    return html`<tr><th scope="row">${label}</th><td>${many}</td><td class="wide"><div class="column" style="width:${Math.round((100 * many) / largest)}%"></div></td></tr>\n`;
  };
  return html`<div class="scrolls"><table><thead><tr><th>points</th><th>students</th><th></th></tr></thead><tbody>
${bins.map(line)}</tbody></table></div>`;
}

function changeTable(changes: readonly Change[]): Html {
  const line = ({ id, name, before, after, why }: Change) => {
    const by = Math.round((after - before) * 100) / 100;
    return html`<tr><th scope="row">${id}</th><td>${name}</td><td>${before}</td><td>${after}</td><td>${by > 0 ? `+${by}` : by}</td><td>${why.join('; ')}</td></tr>\n`;
  };
  return html`<h2>Changed since the last time</h2>
<div class="scrolls"><table class="sortable"><thead><tr><th>student</th><th>name</th><th>before</th><th>after</th><th>by</th><th>why</th></tr></thead><tbody>
${changes.map(line)}</tbody></table></div>`;
}
