import { textOf } from './html.ts';
import type { State } from './state.ts';
import type { Engine, StepFacts, Toggle } from './types.ts';
import { type MarkedSection, markOf, placed, sideOf } from './view.ts';

/** The switches: a radio button for each step, and a checkbox for each flag. Hidden until there is a script to heed them. */
export function controlsHtml(engine: Engine, state: State, { page }: { page: boolean }): string {
  const steps = page
    ? `<fieldset class="explorer-steps"><legend>Step</legend>${engine.steps.map((step) => stepHtml(step, state)).join('')}</fieldset>`
    : '';
  const shown = engine.toggles.filter(({ since }) => page || since <= state.step);
  const toggles = shown.map((toggle) => toggleHtml(toggle, state)).join('');
  return `<form class="explorer-controls" hidden>${steps}<fieldset class="explorer-toggles"><legend>Flags</legend>${toggles}</fieldset>${page ? DOCKER : ''}</form>`;
}

const DOCKER = `<p class="explorer-docker"><label for="explorer-docker">Or paste a docker run</label> <input type="text" id="explorer-docker" name="docker" placeholder="docker run -m 64m -p 8080:80 --cap-drop ALL nginx" autocomplete="off" autocapitalize="off" spellcheck="false"> <button type="submit">Show its plan</button></p>`;

/** Room for a config.json, with one to begin with. */
export function bundleControlsHtml({ example }: Engine): string {
  return `<form class="explorer-controls" hidden><p class="explorer-config"><label for="explorer-config">A bundle’s config.json</label> <textarea id="explorer-config" name="config" rows="16" autocomplete="off" autocapitalize="off" spellcheck="false">\n${textOf(example)}</textarea> <button type="submit">Show its plan</button></p></form>`;
}

function stepHtml({ number, title }: StepFacts, { step }: State): string {
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
    const marks = placed(id, lines).map(([at, { line, mark }]) => {
      const row = sideOf(id) === 'host' ? 1 : 2;
      return `<i${at && ` data-go="${at}"`}${markOf(mark)} data-step="${line.step}" style="grid-area:${row}/${column++}"></i>`;
    });
    return `${marks.join('')}<span style="grid-column:${from}/${column}">${id}</span>`;
  });
  return `<div class="explorer-score" aria-hidden="true" style="--columns:${column - 1}">${groups.join('')}</div>`;
}

/** What a lesson begins with: the switches on that show what its step adds. */
export function lessonState({ toggles }: Engine, step: number): State {
  return { step, on: new Set(toggles.filter(({ shows, since }) => shows && since === step).map(({ id }) => id)) };
}
