import { type Html, html } from './html.ts';
import type { Seen } from './seen.ts';
import { classOf } from './tasks.ts';

/** A line a student. The form is shown by the script that it needs. */
export function studentTable(all: readonly Seen[]): Html {
  const tasks = all[0]?.mark.tasks ?? [];
  const states = [...new Set(all.map(({ mark }) => mark.state))].sort();
  const choices = (values: readonly string[], text: (value: string) => string) =>
    values.map((value) => html`<option value="${value}">${text(value)}</option>`);
  return html`<form hidden>
<label>Show <input name="text" type="search" placeholder="a name, a note"></label>
<label>who is <select name="state"><option value="">in any state</option>${choices(states, (state) => state)}</select></label>
<label>and lacks <select name="task"><option value="">any or none</option>${choices(
    tasks.map(({ number }) => String(number)),
    (number) => `task ${number}`,
  )}</select></label>
<output name="shown"></output>
</form>
<div class="scrolls"><table class="sortable" id="students">
<thead><tr><th>student</th><th>name</th>${tasks.map(({ number }) => html`<th>task ${number}</th>`)}<th>total</th><th>state</th><th>notes</th></tr></thead>
<tbody>
${all.map(line)}</tbody>
</table></div>`;
}

function line({ mark, row, id, name, file, notes }: Seen): Html {
  const { tasks, score, state } = mark;
  const failed = tasks.filter((one) => one.state !== 'passed').map(({ number }) => number);
  const who = row ? html`<a href="${file}">${id}</a>` : html`${id}`;
  return html`<tr data-state="${state}" data-failed="${failed.join(' ')}"><th scope="row">${who}</th><td>${name}</td>${tasks.map((one) => cell(one, row !== undefined))}<td>${score}</td><td>${state}</td><td>${notes.join('; ')}</td></tr>\n`;
}

function cell({ state, score }: Seen['mark']['tasks'][number], isThere: boolean): Html {
  if (!isThere) return html`<td class="untouched">–</td>`;
  return html`<td class="${classOf(state)}" title="${state}">${state === 'not graded' ? '?' : score}</td>`;
}
