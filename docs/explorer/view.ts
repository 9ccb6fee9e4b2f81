import { detail } from './detail.ts';
import { difference, type Marked } from './difference.ts';
import { callHtml, textOf } from './html.ts';
import type { Plan } from './state.ts';
import { STAGE_TITLES } from './titles.ts';
import type { ExplorerData, SectionId } from './types.ts';

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

/** The plan as stages in time: an ordered list, in which each stage is an ordered list of lines. */
export function planHtml(sections: readonly MarkedSection[], data: ExplorerData, how: { details: boolean }): string {
  const stages = sections.flatMap((section) => {
    const html = section.lines.length > 0 ? stageHtml(section, data, how) : '';
    if (section.id === 'setup') return [WATCH, html];
    return section.id === 'exec' ? [html, PROGRAM] : [html];
  });
  return `<ol class="explorer-plan">${stages.join('')}</ol>`;
}

/** What the host does meanwhile. */
const WATCH = `<li class="explorer-stage explorer-host" data-stage="watch"><h3><span class="explorer-hidden">Host: </span>watch</h3><p class="explorer-says">Until execve both have the same memory: node reads each result as the process writes it. At the first call that fails, the process stops.</p></li>`;

/** What comes of the plan. */
const PROGRAM = `<li class="explorer-stage explorer-child" data-stage="program"><h3><span class="explorer-hidden">Container: </span>your program</h3><p class="explorer-says">Now it is sh, in memory of its own. When it ends, the host is told.</p></li>`;

function stageHtml({ id, lines }: MarkedSection, data: ExplorerData, how: { details: boolean }): string {
  const [title, says] = STAGE_TITLES[id];
  const items = lines.map((one, nth) => lineHtml(one, `${id}.${nth}`, data, how));
  return `<li class="explorer-stage explorer-${sideOf(id)}" data-stage="${id}"><h3><span class="explorer-hidden">${sideOf(id) === 'host' ? 'Host' : 'Container'}: </span>${title}</h3>${says ? `<p class="explorer-says">${says}</p>` : ''}<ol>${items.join('')}</ol></li>`;
}

function lineHtml(marked: Marked, at: string, data: ExplorerData, { details }: { details: boolean }): string {
  const { line, mark } = marked;
  const head = headHtml(marked);
  const body = details && mark !== 'gone' ? detail(line, data) : '';
  const inner =
    body === ''
      ? `<div class="explorer-head">${head}</div>`
      : `<details><summary class="explorer-head">${head}</summary><div class="explorer-detail">${body}</div></details>`;
  return `<li class="explorer-line" data-at="${at}"${markOf(mark)} data-step="${line.step}">${inner}</li>`;
}

/** A line's mark as an attribute, which a line that is the same as before has not. */
export function markOf(mark: Marked['mark']): string {
  return mark === 'same' ? '' : ` data-mark="${mark}"`;
}

function headHtml({ line, mark, was }: Marked): string {
  const tag = mark === 'same' ? '' : `<span class="explorer-mark">${mark}</span>`;
  const origin =
    line.step === 0 ? '' : `<span class="explorer-step" role="img" aria-label="step ${line.step}">${line.step}</span>`;
  const times = line.alike ? ` <span class="explorer-times">${line.alike.length} times</span>` : '';
  const code = mark === 'gone' ? `<del>${callHtml(line.text)}</del>` : callHtml(line.text);
  const old = was === undefined ? '' : ` <del class="explorer-was"><code>${callHtml(was)}</code></del>`;
  return `${origin}<span class="explorer-text"><code class="explorer-code">${code}</code>${times}${tag}${old} <span class="explorer-words">${textOf(line.words)}</span></span>`;
}
