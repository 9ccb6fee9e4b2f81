import type { Step } from '../../step/step.ts';
import { frame } from '../page/frame.ts';
import { type Html, html } from '../page/html.ts';
import type { Alike, Work } from './alike.ts';

/** The pairs with both texts side by side. */
export function alikePage(step: Step, found: readonly Alike[], works: number): string {
  const body = html`<p>${works} submissions were compared, task by task, without names, spaces, comments, and the order of calls
that the model of the kernel says are independent. What many have in common isn't listed. <strong>This shows that code is alike, and
not why:</strong> two may have worked together where that is allowed, have had the same help, or have found the only good way.
Ask them to explain it.</p>
${found.map((one) => pair(step, one))}
${found.length === 0 ? html`<p>No two are alike.</p>` : ''}`;
  return frame(`${step.name}: alike, ${found.length} pairs`, body);
}

function pair(step: Step, { task, one, other, share, many }: Alike): Html {
  const title = step.tasks.find(({ number }) => number === task)?.title ?? '';
  const how = share === 1 ? `the same, which ${many} have` : `${Math.round(share * 100)} % in common`;
  return html`<section><h2>task ${task} ${title}: ${how}</h2>
<div class="beside">${[one, other].map((work) => side(work, task))}</div></section>
`;
}

function side({ who, earlier, code }: Work, task: number): Html {
  return html`<div><h3>${who}${earlier === undefined ? '' : `, ${earlier}`}</h3><pre class="code">${code[task]?.text ?? ''}</pre></div>`;
}
