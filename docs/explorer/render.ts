import { bundleControlsHtml, controlsHtml, lessonState, scoreHtml } from './controls.ts';
import { textOf } from './html.ts';
import { commandLine, lastStep, planAt, type State, stepOf, toHash } from './state.ts';
import type { Engine } from './types.ts';
import { markedPlan, planHtml } from './view.ts';

const BUNDLE = 'bundle.html';

/** Where an explorer is: its own page, a lesson, or the page for a config.json. */
type ExplorerKind = 'page' | 'lesson' | 'bundle';

/** Where the explorer's links lead. */
export interface Links {
  /** The explorer's own page. */
  readonly explorer: string;
}

/**
 * The explorer as a page of its own: HTML to stand in <main>. Without a script it is the last step's plan, an ordered
 * list; with explorer.js, everything can be switched. Its state is in the address: `#step=3&on=memory`.
 */
export function explorerPage(engine: Engine): string {
  const state: State = { step: lastStep(engine), on: new Set() };
  return `<h1>Plan explorer</h1>
<p>A container is a list of system calls. Here is the list, made by the course’s own code, which runs in your browser: what the host does and what the container’s first process does, in the order of time, each line in the colour of the step that added it. Switch steps and flags, or type a <code>docker run …</code>, and see what appears. (For the <code>config.json</code> of an OCI bundle, there is <a href="${BUNDLE}">another page</a>.) Play the plan to see what each call changes. Open a line to have its flags explained, to see what the kernel gets, and to leave it out. (A few calls about pipes aren’t shown: those by which the process notices that the host is gone, and those that stand in for your terminal.)</p>
<noscript><p>This is the plan of step ${state.step}. To switch steps and flags takes JavaScript; <code>./boxstep 3 plan -m 64m</code> does the same in a terminal.</p></noscript>
${explorer(engine, state, { page: 'page', title: 'The plan' })}`;
}

/** The explorer in a lesson: what is new in its step's plan, and the rest folded. */
export function lessonExplorer(engine: Engine, step: number, links: Links = { explorer: 'explorer.html' }): string {
  const state = lessonState(engine, step);
  const title = step > 1 ? `What is new in the plan since step ${step - 1}` : 'The plan of step 1';
  return `${explorer(engine, state, { page: 'lesson', title })}
<p><a href="${textOf(links.explorer)}#${toHash({ step, on: new Set() })}">Open it in the plan explorer</a>, beside all other steps.</p>`;
}

/**
 * A page where a config.json is pasted: the explorer with the plan that the OCI runtime makes of it. Without a script, it has
 * that of the example.
 */
export function bundlePage(engine: Engine): string {
  const state: State = { step: lastStep(engine), on: new Set(), config: engine.example };
  return `<h1>A config.json as a plan</h1>
<p>podman, containerd and dockerd don’t start containers themselves: they write a <code>config.json</code> and call an OCI runtime. Paste one (<code>runc spec</code> or <code>umoci unpack</code> writes one, and <code>podman inspect -f {{.OCIConfigPath}}</code> says where podman’s is), and see the system calls that our runtime makes of it, each with the field that asks for it. It’s the runtime’s own code, and runs in your browser: nothing is sent anywhere. The machine is a model with cgroup v2. What the file names on the host (its root, the sources of its mounts) is taken to be there.</p>
<noscript><p>This is the plan of an example. To paste your own takes JavaScript; <code>./boxstep oci plan BUNDLE</code> does the same in a terminal.</p></noscript>
${explorer(engine, state, { page: 'bundle', title: 'The plan' })}`;
}

function explorer(engine: Engine, state: State, { page, title }: { page: ExplorerKind; title: string }): string {
  const hasBefore = page !== 'bundle' && stepOf(engine, state.step - 1);
  const before = hasBefore ? planAt(engine, { ...state, step: state.step - 1 }) : undefined;
  const sections = markedPlan(planAt(engine, state), before);
  return `<section class="explorer" data-explorer="${page}" data-step="${state.step}" data-on="${[...state.on].join()}" aria-labelledby="explorer-title">
<h2 id="explorer-title">${title}</h2>
${page === 'bundle' ? bundleControlsHtml(engine) : controlsHtml(engine, state, { page: page === 'page' })}
<p class="explorer-command"><code>${textOf(commandLine(engine, state))}</code></p>
<p class="explorer-news" role="status"></p>
${scoreHtml(sections)}
${PLAYER}
<section class="explorer-what-if" aria-label="What if it’s missing?" hidden></section>
${page === 'page' ? BESIDE : ''}
${LANES}
<div class="explorer-body">${planHtml(sections, { fold: page === 'lesson', before: state.step - 1 })}</div>
</section>`;
}

const PLAYER = `<div class="explorer-player" hidden><p class="explorer-buttons"><button type="button" data-do="back">Back</button> <button type="button" data-do="play">Play</button> <button type="button" data-do="step">Step</button> <input type="range" min="0" value="0" aria-label="Where in the plan"></p><p class="explorer-now"></p><div class="explorer-panel" role="group" aria-label="What the process has now"></div></div>`;

const BESIDE = `<p class="explorer-compare"><button type="button" data-compare="begin">Keep this plan, and compare another with it</button></p><section class="explorer-beside" aria-label="Side by side" hidden></section>`;

const LANES = `<div class="explorer-lanes" aria-hidden="true"><span><b>Host</b> node</span><span><b>Container</b> its first process</span></div>`;
