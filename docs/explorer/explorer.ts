import { scoreHtml } from './controls.ts';
import { news } from './difference.ts';
import { unpack } from './pack.ts';
import { commandLine, fromHash, planAt, type State, stepOf, toHash } from './state.ts';
import type { ExplorerData } from './types.ts';
import { type MarkedSection, markedPlan, planHtml } from './view.ts';

/** Brings every explorer of a page to life. */
for (const root of document.querySelectorAll<HTMLElement>('[data-explorer]')) explore(root);

function explore(root: HTMLElement): void {
  const data = unpack(find(root, 'script').textContent ?? '');
  const isPage = root.dataset.explorer === 'page';
  const first: State = {
    step: Number(root.dataset.step),
    on: new Set((root.dataset.on ?? '').split(',').filter(Boolean)),
  };
  let state = isPage ? fromHash(location.hash, data, first) : first;
  const controls = find<HTMLFormElement>(root, 'form');
  controls.hidden = false;
  root.classList.add('explorer-live');

  const show = (next: State, before: State | undefined) => {
    state = next;
    const sections = markedPlan(planAt(data, next), before && stepOf(data, before.step) && planAt(data, before));
    draw(root, sections, data);
    find(root, '.explorer-command code').textContent = commandLine(data, next);
    const lines = sections.flatMap((section) => section.lines);
    const many = lines.filter(({ mark }) => mark !== 'gone').length;
    find(root, '.explorer-news').textContent =
      `${many} lines.${before && stepOf(data, before.step) ? ` ${since(before, next, data)}: ${news(lines)}.` : ''}`;
    setControls(controls, data, next);
  };

  show(state, stepBefore(state));
  controls.addEventListener('change', () => {
    const before = state;
    const next = chosen(controls, state.step);
    // In a lesson, what is new is always new since the step before.
    show(next, isPage ? before : stepBefore(next));
    if (isPage) history.replaceState(null, '', `#${toHash(next)}`);
  });
  controls.addEventListener('submit', (event) => event.preventDefault());
  root.addEventListener('keydown', (event) => walk(root, event));
  root.addEventListener('click', (event) => go(root, event));
  if (isPage) {
    addEventListener('hashchange', () => {
      const before = state;
      show(fromHash(location.hash, data, state), before);
    });
  }
}

function draw(root: HTMLElement, sections: readonly MarkedSection[], data: ExplorerData): void {
  const open = new Set(
    [...root.querySelectorAll('details[open] > summary code')].map((code) => code.textContent ?? ''),
  );
  find(root, '.explorer-body').innerHTML = planHtml(sections, data, { details: true });
  find(root, '.explorer-score').outerHTML = scoreHtml(sections);
  for (const summary of root.querySelectorAll('.explorer-line > details > summary')) {
    if (open.has(summary.querySelector('code')?.textContent ?? ''))
      (summary.parentElement as HTMLDetailsElement).open = true;
  }
}

/** What a comparison is with: the step before, with the same switches. */
function stepBefore({ step, on }: State): State {
  return { step: step - 1, on };
}

function since(before: State, next: State, { toggles }: ExplorerData): string {
  if (before.step !== next.step) return `From step ${before.step} to step ${next.step}`;
  const switched = toggles.filter(({ id }) => before.on.has(id) !== next.on.has(id));
  return (
    switched.map(({ id, label }) => `${next.on.has(id) ? 'With' : 'Without'} ${label}`).join(', ') || 'The same plan'
  );
}

function chosen(controls: HTMLFormElement, step: number): State {
  const boxes = [...controls.querySelectorAll<HTMLInputElement>('[type=checkbox]:checked')];
  const radio = controls.querySelector<HTMLInputElement>('[type=radio]:checked');
  return { step: radio ? Number(radio.value) : step, on: new Set(boxes.map(({ value }) => value)) };
}

function setControls(controls: HTMLFormElement, { toggles }: ExplorerData, { step, on }: State): void {
  for (const radio of controls.querySelectorAll<HTMLInputElement>('[type=radio]'))
    radio.checked = Number(radio.value) === step;
  for (const box of controls.querySelectorAll<HTMLInputElement>('[type=checkbox]')) {
    box.checked = on.has(box.value);
    box.disabled = (toggles.find(({ id }) => id === box.value)?.since ?? 0) > step;
  }
}

const STEPS: Readonly<Record<string, (at: number, many: number) => number>> = {
  ArrowDown: (at, many) => Math.min(at + 1, many - 1),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, many) => many - 1,
};

/** Arrow keys go from line to line. */
function walk(root: HTMLElement, event: KeyboardEvent): void {
  const lines = [...root.querySelectorAll<HTMLElement>('.explorer-line > details > summary')];
  const at = lines.indexOf(event.target as HTMLElement);
  const to = STEPS[event.key]?.(at, lines.length);
  if (at === -1 || to === undefined) return;
  event.preventDefault();
  lines[to]?.focus();
}

/** A click on a mark of the overview opens its line. */
function go(root: HTMLElement, event: MouseEvent): void {
  const mark = (event.target as HTMLElement).closest<HTMLElement>('[data-go]');
  const details = mark && root.querySelector<HTMLDetailsElement>(`[data-at="${mark.dataset.go}"] > details`);
  if (!details) return;
  details.open = true;
  details.querySelector('summary')?.focus({ preventScroll: true });
  details.scrollIntoView({ block: 'center', behavior: calm() ? 'auto' : 'smooth' });
}

function calm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function find<E extends HTMLElement = HTMLElement>(root: HTMLElement, selector: string): E {
  const found = root.querySelector<E>(selector);
  if (!found) throw new Error(`the explorer has no ${selector}`);
  return found;
}
