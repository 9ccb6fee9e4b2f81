import { storyLines } from '../../report/terminal.ts';
import type { Code } from '../code.ts';
import type { Entry } from '../history.ts';
import type { RowTask } from '../row.ts';
import { frame } from './frame.ts';
import { type Html, html } from './html.ts';
import type { Seen } from './seen.ts';

/** A student's work for whom grades it: the code of each task, and beside it what came of it. */
export function studentPage({ mark, row, id, name, notes }: Seen, code: Code, history: readonly Entry[]): string {
  const body = html`<p><a href="../index.html">The class</a></p>
<p>${mark.score} of ${mark.most} points.</p>
${notes.length === 0 ? '' : html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${(row?.tasks ?? []).map((task) => part(task, mark.tasks.find(({ number }) => number === task.number)?.score ?? 0, code[task.number]))}
${history.length < 2 ? '' : past(history)}`;
  return frame(name === '' ? id : `${id}, ${name}`, body);
}

function part(task: RowTask, score: number, code: Code[number] | undefined): Html {
  const { number, title, state, passed, tests } = task;
  return html`<section><h2>${number} ${title}</h2>
<p>${score} points, ${state}, ${passed} of ${tests} tests</p>
<div class="beside">
<pre class="code">${code === undefined ? 'no code of theirs was found' : numbered(code)}</pre>
<pre>${toldOf(task)}</pre>
</div></section>
`;
}

export function toldOf({ story, printed, reason, groups, state }: RowTask): string {
  const lines = [
    ...(reason === undefined ? [] : [reason]),
    ...(state === 'passed' ? ['all tests pass'] : []),
    ...groups.map(({ name, score, points }) => `${name}: ${score} of ${points} points`),
    ...(story ? storyLines(story) : []),
    ...(printed === '' ? [] : ['the code printed:', printed]),
  ];
  return lines.join('\n');
}

function numbered({ from, text }: Code[number]): string {
  const lines = text.split('\n');
  const width = String(from + lines.length).length;
  return lines.map((line, at) => `${String(from + at).padStart(width)}  ${line}`).join('\n');
}

function past(history: readonly Entry[]): Html {
  const lines = history.map(
    ({ at, score, why }) =>
      html`<tr><th scope="row">${at.slice(0, 16).replace('T', ' ')}</th><td>${score}</td><td>${why.join('; ')}</td></tr>\n`,
  );
  return html`<h2>How it came to this</h2><div class="scrolls"><table><thead><tr><th>when (UTC)</th><th>points</th><th>why</th></tr></thead><tbody>${lines}</tbody></table></div>`;
}
