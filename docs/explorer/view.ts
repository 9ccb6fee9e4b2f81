import { detail } from './detail.ts';
import { difference, type Marked } from './difference.ts';
import { callHtml, textOf } from './html.ts';
import type { Plan } from './state.ts';
import { STAGE_TITLES } from './titles.ts';
import type { Engine, Line, SectionId } from './types.ts';

/** A section with every line marked by what it was before. */
export interface MarkedSection {
  readonly id: SectionId;
  readonly lines: readonly Marked[];
}

/** A plan beside the one before; without one, nothing in it is marked. */
export function markedPlan(plan: Plan, before: Plan | undefined): MarkedSection[] {
  return plan.map(([id, lines]) => {
    const old = before?.find(([one]) => one === id)?.[1];
    return { id, lines: before ? difference(old ?? [], lines) : lines.map((line) => ({ line, mark: 'same' })) };
  });
}

const HOST: readonly SectionId[] = ['before', 'clone', 'adopt', 'open', 'takes', 'after'];

/** Is it the host that does this, or the container's first process? */
export function sideOf(id: SectionId): 'host' | 'child' {
  return HOST.includes(id) ? 'host' : 'child';
}

/** How a plan is shown. */
export interface How {
  /** Explains what is behind each line; without it, lines can't be opened. */
  readonly engine?: Engine;
  /** Are runs of lines folded that are the same as before? */
  readonly fold: boolean;
  /** The step that it is compared with. */
  readonly before: number;
  /** Places of lines that are left out. */
  readonly left?: ReadonlySet<string>;
}

/** The plan as stages in time: an ordered list, in which each stage is an ordered list of lines. */
export function planHtml(sections: readonly MarkedSection[], how: How): string {
  const stages = sections.flatMap((section) => {
    const html = section.lines.length > 0 ? stageHtml(section, how) : '';
    if (section.id === 'setup') return [WATCH, html];
    return section.id === 'exec' ? [html, PROGRAM] : [html];
  });
  return `<ol class="explorer-plan">${stages.join('')}</ol>`;
}

/** What the host does meanwhile. */
const WATCH = `<li class="explorer-stage explorer-host" data-stage="watch"><h3><span class="explorer-hidden">Host: </span>watch</h3><p class="explorer-says">Until execve both have the same memory: node reads each result as the process writes it. At the first call that fails, the process stops.</p></li>`;

/** What comes of the plan. */
const PROGRAM = `<li class="explorer-stage explorer-child" data-stage="program"><h3><span class="explorer-hidden">Container: </span>your program</h3><p class="explorer-says">It has memory of its own now. When it ends, the host is told.</p></li>`;

function stageHtml({ id, lines }: MarkedSection, how: How): string {
  const [title, says] = STAGE_TITLES[id];
  const side = sideOf(id) === 'host' ? 'Host' : 'Container';
  const all = placed(id, lines).map(([at, one]) => ({ ...one, html: lineHtml(one, at, id, how) }));
  const isFolded = how.fold && how.before > 0 && lines.every(({ mark }) => mark === 'same');
  const items = how.fold && how.before > 0 ? folded(all, how.before) : all.map(({ html }) => html);
  return `<li class="explorer-stage explorer-${sideOf(id)}" data-stage="${id}"><h3><span class="explorer-hidden">${side}: </span>${title}</h3>${says && !isFolded ? `<p class="explorer-says">${says}</p>` : ''}<ol>${items.join('')}</ol></li>`;
}

/** Lines with their places in the plan, such as `setup.0`; what is gone has none. */
export function placed(id: SectionId, lines: readonly Marked[]): [at: string, line: Marked][] {
  let nth = 0;
  return lines.map((line) => [line.mark === 'gone' ? '' : `${id}.${nth++}`, line]);
}

/** Lines with each run of those that are the same as before behind one that says how many they are. */
function folded(lines: readonly (Marked & { html: string })[], before: number): string[] {
  const runs: { isSame: boolean; html: string[] }[] = [];
  for (const { mark, html } of lines) {
    const last = runs.at(-1);
    if (last && last.isSame === (mark === 'same')) last.html.push(html);
    else runs.push({ isSame: mark === 'same', html: [html] });
  }
  return runs.flatMap(({ isSame, html }) => {
    if (!isSame) return html;
    const many = html.length === 1 ? '1 line' : `${html.length} lines`;
    return `<li class="explorer-run"><details><summary>${many} as in step ${before}</summary><ol>${html.join('')}</ol></details></li>`;
  });
}

function lineHtml(marked: Marked, at: string, id: SectionId, { engine, left }: How): string {
  const { line, mark } = marked;
  const head = headHtml(marked);
  const body = engine && mark !== 'gone' ? detail(line, engine) + leaveHtml(line, at, id, left) : '';
  const inner =
    body === ''
      ? `<div class="explorer-head">${head}</div>`
      : `<details><summary class="explorer-head">${head}</summary><div class="explorer-detail">${body}</div></details>`;
  const isLeft = left?.has(at) ? ' data-left' : '';
  return `<li class="explorer-line"${at && ` data-at="${at}"`}${markOf(mark)}${isLeft} data-step="${line.step}">${inner}</li>`;
}

/** What every start does, and what comes at the end, can't be left out. */
function leaveHtml({ step, field }: Line, at: string, id: SectionId, left: How['left']): string {
  if ((step === 0 && field === undefined) || id === 'after' || id === 'takes') return '';
  const checked = left?.has(at) ? ' checked' : '';
  return `<p class="explorer-leave"><label><input type="checkbox" data-leave="${at}"${checked}> Leave it out: what if it’s missing?</label></p>`;
}

/** A line's mark as an attribute, which a line that is the same as before has not. */
export function markOf(mark: Marked['mark']): string {
  return mark === 'same' ? '' : ` data-mark="${mark}"`;
}

function headHtml({ line, mark, was }: Marked): string {
  const tag = mark === 'same' ? '' : `<span class="explorer-mark">${mark}</span>`;
  const origin =
    line.step === 0 ? '' : `<span class="explorer-step" role="img" aria-label="step ${line.step}">${line.step}</span>`;
  const field = line.field === undefined ? '' : ` <code class="explorer-field">${textOf(line.field)}</code>`;
  const times = line.alike ? ` <span class="explorer-times">${line.alike.length} times</span>` : '';
  const code = mark === 'gone' ? `<del>${callHtml(line.text)}</del>` : callHtml(line.text);
  const old = was === undefined ? '' : ` <del class="explorer-was"><code>${callHtml(was)}</code></del>`;
  return `${origin}<span class="explorer-text"><code class="explorer-code">${code}</code>${times}${tag}${old} <span class="explorer-words">${textOf(line.words)}</span>${field}</span>`;
}
