import { textOf } from './html.ts';
import { find } from './page.ts';
import { panelHtml } from './panel.ts';
import { playable } from './slider.ts';
import type { State } from './state.ts';
import type { Group, Trace } from './types.ts';

const EVERY = 900; // milliseconds

/** Plays a plan: a position that the slider, the buttons and the strip set, and what the process has there. */
export function player(root: HTMLElement, { moments }: Trace, state: State, moved: (at: string) => void): void {
  const places = [...root.querySelectorAll<HTMLElement>('.explorer-line[data-at]:not([data-mark=gone])')]
    .map((line) => line.dataset.at ?? '')
    .filter((at) => !at.startsWith('after.'));
  const box = find(root, '.explorer-player');
  const slider = find<HTMLInputElement>(root, '.explorer-player [type=range]');
  const button = find<HTMLButtonElement>(root, '[data-do=play]');

  const show = (index: number) => {
    const at = places[index] ?? '';
    slider.value = String(index);
    mark(root, at);
    const line = root.querySelector(`[data-at="${at}"]`);
    const text = line?.querySelector('.explorer-code')?.textContent ?? '';
    const words = line?.querySelector('.explorer-words')?.textContent ?? '';
    const { error, groups } = moments[at] ?? {};
    const missed = groups === null ? ' It is not reached.' : error ? ` It answers ${error}.` : '';
    find(root, '.explorer-now').innerHTML =
      `<b>${index + 1} of ${places.length}</b> <code>${textOf(text)}</code> <span>${textOf(words + missed)}</span>`;
    slider.setAttribute('aria-valuetext', `${index + 1} of ${places.length}: ${text}`);
    find(root, '.explorer-panel').innerHTML = panelHtml(groupsAt(index) ?? [], groupsAt(index - 1));
  };
  const groupsAt = (index: number): readonly Group[] | null =>
    places
      .slice(0, index + 1)
      .map((at) => moments[at]?.groups)
      .findLast((groups) => groups != null) ?? null;
  const { moveTo, stop, buttons } = playable(slider, button, EVERY, (index) => {
    show(index);
    moved(places[index] ?? '');
  });

  stopBefore(root, stop);
  box.hidden = false;
  slider.max = String(places.length - 1);
  const doing: Readonly<Record<string, () => void>> = buttons;
  box.onclick = ({ target }) => doing[(target as HTMLElement).dataset.do ?? '']?.();
  root.onclick = ({ target }) => {
    const at = (target as HTMLElement).closest<HTMLElement>('[data-go]')?.dataset.go ?? '';
    if (places.includes(at)) moveTo(places.indexOf(at));
  };
  show(Math.max(0, places.indexOf(state.at ?? '')));
}

const stops = new WeakMap<HTMLElement, () => void>();

/** One player of an explorer plays at a time. */
function stopBefore(root: HTMLElement, stop: () => void): void {
  stops.get(root)?.();
  stops.set(root, stop);
}

function mark(root: HTMLElement, at: string): void {
  for (const one of root.querySelectorAll('[aria-current=step], .explorer-here')) {
    one.removeAttribute('aria-current');
    one.classList.remove('explorer-here');
  }
  root.querySelector(`[data-at="${at}"]`)?.setAttribute('aria-current', 'step');
  root.querySelector(`[data-go="${at}"]`)?.classList.add('explorer-here');
}

const STEPS: Readonly<Record<string, (at: number, many: number) => number>> = {
  ArrowDown: (at, many) => Math.min(at + 1, many - 1),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, many) => many - 1,
};

/** Arrow keys go from line to line. */
export function walk(root: HTMLElement, event: KeyboardEvent): void {
  const lines = [...root.querySelectorAll<HTMLElement>('.explorer-line > details > summary')];
  const at = lines.indexOf(event.target as HTMLElement);
  const to = STEPS[event.key]?.(at, lines.length);
  if (at === -1 || to === undefined) return;
  event.preventDefault();
  lines[to]?.focus();
}

/** A click on a mark of the overview opens its line. */
export function go(root: HTMLElement, event: MouseEvent): void {
  const mark = (event.target as HTMLElement).closest<HTMLElement>('[data-go]');
  const details = mark && root.querySelector<HTMLDetailsElement>(`[data-at="${mark.dataset.go}"] > details`);
  if (!details) return;
  details.open = true;
  const run = details.closest<HTMLDetailsElement>('.explorer-run > details');
  if (run) run.open = true;
  details.querySelector('summary')?.focus({ preventScroll: true });
  details.scrollIntoView({ block: 'center', behavior: calm() ? 'auto' : 'smooth' });
}

function calm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
