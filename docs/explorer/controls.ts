import { textOf } from './html.ts';
import type { State } from './state.ts';
import type { ExplorerData, StepData, Toggle } from './types.ts';
import { type MarkedSection, markOf, sideOf } from './view.ts';

/** The switches: a radio button for each step, and a checkbox for each flag. Hidden until there is a script to heed them. */
export function controlsHtml(data: ExplorerData, state: State, how: { steps: boolean }): string {
  const steps = how.steps
    ? `<fieldset class="explorer-steps"><legend>Step</legend>${data.steps.map((step) => stepHtml(step, state)).join('')}</fieldset>`
    : '';
  const toggles = data.toggles.map((toggle) => toggleHtml(toggle, state));
  return `<form class="explorer-controls" hidden>${steps}<fieldset class="explorer-toggles"><legend>Flags</legend>${toggles.join('')}</fieldset></form>`;
}

function stepHtml({ number, title }: StepData, { step }: State): string {
  const checked = number === step ? ' checked' : '';
  return `<label class="explorer-pick" data-step="${number}" id="step=${number}"><input type="radio" name="explorer-step" value="${number}"${checked}><span><b>${number}</b> ${textOf(title)}</span></label>`;
}

function toggleHtml({ id, label, words, since }: Toggle, { step, on }: State): string {
  const able = since <= step ? '' : ' disabled';
  const checked = on.has(id) ? ' checked' : '';
  return `<label class="explorer-toggle" data-step="${since}" title="${textOf(words)}"><input type="checkbox" value="${id}"${checked}${able}><span><code>${textOf(label)}</code><span class="explorer-since"> from step ${since}</span><span class="explorer-hidden">: ${textOf(words)}</span></span></label>`;
}

/** The whole container at a glance: a mark for each line along time, the host's above, the process's below. */
export function scoreHtml(sections: readonly MarkedSection[]): string {
  const there = sections.filter(({ lines }) => lines.length > 0);
  let column = 1;
  const groups = there.map(({ id, lines }) => {
    const from = column;
    const marks = lines.map(({ line, mark }, nth) => {
      const row = sideOf(id) === 'host' ? 1 : 2;
      return `<i data-go="${id}.${nth}"${markOf(mark)} data-step="${line.step}" style="grid-area:${row}/${column++}"></i>`;
    });
    return `${marks.join('')}<span style="grid-column:${from}/${column}">${id}</span>`;
  });
  return `<div class="explorer-score" aria-hidden="true" style="--columns:${column - 1}">${groups.join('')}</div>`;
}

/** What a lesson needs of the data: its step and the one before, with the lines that these have. */
export function dataFor(data: ExplorerData, step: number): ExplorerData {
  const steps = data.steps.filter(({ number }) => number === step || number === step - 1);
  const used = [...new Set(steps.flatMap(({ sections }) => sections.flatMap(({ lists }) => lists.flat())))];
  const renumbered = new Map(used.map((number, nth) => [number, nth]));
  const lines = used.map((number) => data.lines[number]).filter((line) => line !== undefined);
  const names = new Set(lines.map(({ name }) => name));
  return {
    ...data,
    lines,
    steps: steps.map((one) => ({
      ...one,
      sections: one.sections.map((section) => ({
        ...section,
        lists: section.lists.map((list) => list.map((number) => renumbered.get(number) ?? 0)),
      })),
    })),
    toggles: data.toggles.filter(({ since }) => since <= step),
    calls: Object.fromEntries(Object.entries(data.calls).filter(([name]) => names.has(name))),
  };
}

/** What a lesson begins with: the switches on that show what its step adds. */
export function lessonState({ toggles }: ExplorerData, step: number): State {
  return { step, on: new Set(toggles.filter(({ shows, since }) => shows && since === step).map(({ id }) => id)) };
}
