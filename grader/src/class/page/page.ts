import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { storyLines } from '../../report/terminal.ts';
import type { Manifest } from '../manifest.ts';
import type { Row, RowTask } from '../row.ts';
import { type Html, html } from './html.ts';

const part = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

/**
 * The class on one page that needs nothing else: no network, and no script but for sorting. What students wrote is text,
 * and should some of it ever not be, the policy lets no script run but this one.
 */
export function page(
  rows: readonly Row[],
  { step, version, shard }: Pick<Manifest, 'step' | 'version' | 'shard'>,
): string {
  const script = part('sort.js');
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`;
  const of = shard.count === 1 ? '' : `, shard ${shard.index} of ${shard.count}`;
  const title = `${step}: ${rows.length} students${of}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${raw(part('page.css'))}</style>
</head>
<body>
<h1>${title}</h1>
${summary(rows)}
<h2>Tasks</h2>
${taskTable(rows)}
<h2>Points</h2>
${histogram(rows)}
<h2>What failed most</h2>
${failures(rows)}
<h2>Students</h2>
${studentTable(rows)}
<h2>Details</h2>
${rows.map(details)}
<footer>Graded by version ${version} of tests and grader.</footer>
<script>${raw(script)}</script>
</body>
</html>
`.text;
}

function raw(text: string): Html {
  return { text };
}

function summary(rows: readonly Row[]): Html {
  const points = rows.map(({ score }) => score).sort((a, b) => a - b);
  const most = rows[0]?.most ?? 0;
  const mean = points.reduce((a, b) => a + b, 0) / Math.max(1, points.length);
  const trouble = rows.filter(({ state }) => state !== 'graded').length;
  return html`<p>Of ${most} points: median ${points[Math.floor(points.length / 2)] ?? 0}, mean ${mean.toFixed(1)}. Full marks:
${count(rows, ({ score }) => score === most)}; none: ${count(rows, ({ score }) => score === 0)}. Could not be graded, or not fully: ${trouble}.</p>`;
}

const STATES = ['passed', 'failed', 'untouched', 'not graded'] as const;

/** For each task, who passed, failed, never began: as numbers, and as a bar. */
function taskTable(rows: readonly Row[]): Html {
  const line = ({ number, title, most }: RowTask) => {
    const counts = STATES.map((state) =>
      count(rows, ({ tasks }) => tasks.some((one) => one.number === number && one.state === state)),
    );
    const bar = counts.map(
      (many, at) => html`<i class="${STATES[at]?.replace(' ', '-') ?? ''}" style="flex-grow:${many}"></i>`,
    );
    return html`<tr><th scope="row">${number} ${title}</th><td>${most}</td>${counts.map((many) => html`<td>${many}</td>`)}<td><div class="bar" aria-hidden="true">${bar}</div></td></tr>\n`;
  };
  return html`<table class="sortable">
<thead><tr><th>task</th><th>points</th>${STATES.map((state) => html`<th>${state}</th>`)}<th>share</th></tr></thead>
<tbody>
${(rows[0]?.tasks ?? []).map(line)}</tbody>
</table>`;
}

/** How many have how many points, in ten steps. */
function histogram(rows: readonly Row[]): Html {
  const most = rows[0]?.most ?? 0;
  const bins = Array.from({ length: 11 }, (_, tenth) =>
    count(rows, ({ score }) => Math.floor((10 * score) / Math.max(1, most)) === tenth),
  );
  const largest = Math.max(1, ...bins);
  const line = (many: number, tenth: number) => {
    const from = Math.ceil((tenth * most) / 10);
    const to = tenth === 10 ? most : Math.max(from, Math.ceil(((tenth + 1) * most) / 10) - 1);
    const label = from === to ? String(from) : `${from} to ${to}`;
    return html`<tr><th scope="row">${label}</th><td>${many}</td><td class="wide"><div class="column" style="width:${Math.round((100 * many) / largest)}%"></div></td></tr>\n`;
  };
  return html`<table><thead><tr><th>points</th><th>students</th><th></th></tr></thead><tbody>
${bins.map(line)}</tbody></table>`;
}

/** How many tests of a task are listed. */
const WORST = 8;

/** The tests that most failed, of those who had begun the task. */
function failures(rows: readonly Row[]): Html {
  const counts = new Map<string, { task: number; test: string; many: number }>();
  for (const { number, state, failed } of rows.flatMap(({ tasks }) => tasks)) {
    for (const test of state === 'failed' ? failed : []) {
      const one = counts.get(`${number} ${test}`) ?? { task: number, test, many: 0 };
      counts.set(`${number} ${test}`, { ...one, many: one.many + 1 });
    }
  }
  const sorted = [...counts.values()].sort((a, b) => b.many - a.many);
  // A broken task fails all of its tests: without a limit the others would not be seen.
  const worst = sorted.filter((one) => sorted.filter(({ task }) => task === one.task).indexOf(one) < WORST);
  if (worst.length === 0) return html`<p>Nothing, of what was begun.</p>`;
  return html`<table class="sortable">
<thead><tr><th>students</th><th>task</th><th>test</th></tr></thead>
<tbody>
${worst.map(({ task, test, many }) => html`<tr><td>${many}</td><td>${task}</td><td>${test}</td></tr>\n`)}</tbody>
</table>`;
}

function studentTable(rows: readonly Row[]): Html {
  const tasks = rows[0]?.tasks ?? [];
  const line = ({ student, name, tasks, score, state, note }: Row, at: number) =>
    html`<tr><th scope="row"><a href="#s${at}">${student}</a></th><td>${name}</td>${tasks.map(cell)}<td>${score}</td><td>${state}</td><td>${note}</td></tr>\n`;
  return html`<table class="sortable">
<thead><tr><th>student</th><th>name</th>${tasks.map(({ number }) => html`<th>task ${number}</th>`)}<th>total</th><th>state</th><th>note</th></tr></thead>
<tbody>
${rows.map(line)}</tbody>
</table>`;
}

function cell({ state, score }: RowTask): Html {
  return html`<td class="${state.replace(' ', '-')}" title="${state}">${state === 'not graded' ? '?' : score}</td>`;
}

function details({ student, name, score, most, tasks, note }: Row, at: number): Html {
  const who = name === '' ? student : `${student}, ${name}`;
  return html`<details id="s${at}"><summary>${who}: ${score} of ${most}</summary>
${note === '' ? '' : html`<p>${note}</p>`}
${tasks.map(taskDetails)}</details>
`;
}

function taskDetails({ number, title, score, most, state, passed, tests, story, printed, reason }: RowTask): Html {
  const told = [
    ...(reason === undefined ? [] : [reason]),
    ...(story ? storyLines(story) : []),
    ...(printed === '' ? [] : ['the code printed:', printed]),
  ].join('\n');
  return html`<h3>${number} ${title}: ${score} of ${most}, ${state} (${passed} of ${tests} tests)</h3>
${told === '' ? '' : html`<pre>${told}</pre>`}
`;
}

function count(rows: readonly Row[], is: (row: Row) => boolean): number {
  return rows.filter(is).length;
}
