import { controlsHtml, dataFor, lessonState, scoreHtml } from './controls.ts';
import { textOf } from './html.ts';
import { pack } from './pack.ts';
import { commandLine, lastStep, planAt, type State, stepOf, toHash } from './state.ts';
import type { ExplorerData } from './types.ts';
import { markedPlan, planHtml } from './view.ts';

/** Where the explorer's links lead. */
export interface Links {
  /** The explorer's own page. */
  readonly explorer: string;
}

/**
 * The explorer as a page of its own: HTML to stand in <main>. Without a script it is the last step's plan, an ordered
 * list; with explorer.js, everything can be switched. Its state is in the address: `#step=3&on=memory`.
 */
export function explorerPage(data: ExplorerData): string {
  const state: State = { step: lastStep(data), on: new Set() };
  return `<h1>Plan explorer</h1>
<p>A container is a list of system calls. Here is the list, made by the course’s own code: what the host does and what the container’s first process does, in the order of time, each line in the colour of the step that added it. Left out are only a few calls about pipes: those by which the process notices that the host is gone, and those that stand in for your terminal. Switch steps and flags, and see what appears. Open a line to have its flags explained, and to see what the kernel gets.</p>
<noscript><p>This is the plan of step ${state.step}. To switch steps and flags takes JavaScript; <code>./boxstep 3 plan -m 64m</code> does the same in a terminal.</p></noscript>
${explorer(data, state, { page: true, title: 'The plan' })}`;
}

/** The explorer in a lesson: its step's plan, with what is new in it marked. */
export function lessonExplorer(data: ExplorerData, step: number, links: Links = { explorer: 'explorer.html' }): string {
  const state = lessonState(data, step);
  const after = step > 1 ? `, and what is new since step ${step - 1}` : '';
  return `${explorer(dataFor(data, step), state, { page: false, title: `The plan of step ${step}${after}` })}
<p><a href="${textOf(links.explorer)}#${toHash({ step, on: new Set() })}">Open it in the plan explorer</a>, beside all other steps.</p>`;
}

function explorer(data: ExplorerData, state: State, { page, title }: { page: boolean; title: string }): string {
  const before = stepOf(data, state.step - 1) && planAt(data, { ...state, step: state.step - 1 });
  const sections = markedPlan(planAt(data, state), before);
  return `<section class="explorer" data-explorer="${page ? 'page' : 'lesson'}" data-step="${state.step}" data-on="${[...state.on].join()}" aria-labelledby="explorer-title">
<h2 id="explorer-title">${title}</h2>
${controlsHtml(data, state, { steps: page })}
<p class="explorer-command"><code>${textOf(commandLine(data, state))}</code></p>
<p class="explorer-news" role="status"></p>
${scoreHtml(sections)}
${LANES}
<div class="explorer-body">${planHtml(sections, data, { details: false })}</div>
<script type="application/json">${pack(data)}</script>
</section>`;
}

const LANES = `<div class="explorer-lanes" aria-hidden="true"><span><b>Host</b> node</span><span><b>Container</b> its first process</span></div>`;
