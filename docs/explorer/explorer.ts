import { besides } from './beside.ts';
import { scoreHtml } from './controls.ts';
import { news } from './difference.ts';
import { go, player, walk } from './moving.ts';
import { find, loadEngine, shownError } from './page.ts';
import { askedBy, commandLine, fromHash, lastStep, planAt, type State, stepOf, toHash, whole } from './state.ts';
import type { Engine } from './types.ts';
import { type MarkedSection, markedPlan, planHtml } from './view.ts';
import { whatIf } from './what-if.ts';

/** The explorer's own page needs the steps' code at once; a lesson, as soon as somebody comes near. */
function enliven(root: HTMLElement): void {
  find(root, 'form').hidden = false;
  root.classList.add('explorer-live');
  const listen = () => {
    for (const event of NEAR) root.addEventListener(event, begin, { passive: true });
  };
  const begin = async () => {
    for (const event of NEAR) root.removeEventListener(event, begin);
    let engine: Engine;
    try {
      engine = await loadEngine();
    } catch (error) {
      shownError(root, error as Error);
      return listen();
    }
    explore(root, engine);
  };
  if (root.dataset.explorer !== 'lesson') void begin();
  else listen();
}

const NEAR = ['pointerenter', 'touchstart', 'focusin'] as const;

function explore(root: HTMLElement, engine: Engine): void {
  const isPage = root.dataset.explorer === 'page';
  const isLesson = root.dataset.explorer === 'lesson';
  const controls = find<HTMLFormElement>(root, 'form');
  const first: State = {
    step: Number(root.dataset.step),
    on: new Set((root.dataset.on ?? '').split(',').filter(Boolean)),
  };
  const pasted = controls.querySelector<HTMLTextAreaElement>('[name=config]');
  let state: State = isPage
    ? fromHash(location.hash, engine, first)
    : { ...chosen(controls, first.step), ...(pasted && { config: pasted.value }) };

  const show = (next: State, before: State | undefined) => {
    try {
      draw(root, engine, next, before);
    } catch (error) {
      shownError(root, error as Error);
      return;
    }
    state = next;
    setControls(controls, engine, next);
    const trace = engine.trace(askedBy(engine, next), next.without);
    player(root, trace, next, (at) => {
      state = { ...state, at };
      if (isPage) history.replaceState(null, '', `#${toHash(state)}`);
    });
    whatIf(root, engine, next, trace);
    besides(root, engine, next, trace);
  };
  const changed = (next: State, before: State) => {
    if (isPage) history.pushState(null, '', `#${toHash(next)}`); // Back leads to what was shown before
    // In a lesson, what is new is always new since the step before.
    show(next, isLesson ? stepBefore(next) : before);
  };

  show(state, stepBefore(state));
  controls.addEventListener('change', ({ target }) => {
    if ((target as HTMLElement).matches('[type=text], textarea')) return;
    changed({ ...chosen(controls, state.step), ...kept(state) }, state);
  });
  controls.addEventListener('submit', (event) => {
    event.preventDefault();
    if (pasted) return changed({ ...first, config: pasted.value }, state);
    const docker = find<HTMLInputElement>(root, '[name=docker]').value.trim();
    if (docker !== '') changed({ step: lastStep(engine), on: new Set(), docker, ...kept(state) }, state);
  });
  root.addEventListener('click', ({ target }) => {
    const { compare } = (target as HTMLElement).dataset;
    if (compare === undefined) return;
    const { beside, ...alone } = state;
    changed(compare === 'begin' ? { ...alone, beside: whole(state) } : alone, state);
  });
  root.addEventListener('change', ({ target }) => {
    const { leave } = (target as HTMLElement).dataset;
    if (leave === undefined) return;
    const others = (state.without ?? []).filter((one) => one !== leave);
    const without = (target as HTMLInputElement).checked ? [...others, leave] : others;
    changed({ ...state, without }, state);
  });
  root.addEventListener('keydown', (event) => walk(root, event));
  root.addEventListener('click', (event) => go(root, event));
  if (isPage) {
    const follow = () => show(fromHash(location.hash, engine, first), state);
    addEventListener('popstate', follow);
  }
}

/** The plan that others are compared with stays as long as nobody ends the comparison. */
function kept({ beside }: State): Pick<State, 'beside'> {
  return beside ? { beside } : {};
}

function draw(root: HTMLElement, engine: Engine, next: State, before: State | undefined): void {
  const old = before && (stepOf(engine, before.step) ? planAt(engine, before) : undefined);
  const sections = markedPlan(planAt(engine, next), old);
  const open = new Set(
    [...root.querySelectorAll('.explorer-line > details[open] > summary code')].map((code) => code.textContent ?? ''),
  );
  const fold = root.dataset.explorer === 'lesson';
  const left = new Set(next.without ?? []);
  find(root, '.explorer-body').innerHTML = planHtml(sections, { engine, fold, left, before: next.step - 1 });
  find(root, '.explorer-score').outerHTML = scoreHtml(sections);
  for (const summary of root.querySelectorAll('.explorer-line > details > summary')) {
    if (open.has(summary.querySelector('code')?.textContent ?? ''))
      (summary.parentElement as HTMLDetailsElement).open = true;
  }
  find(root, '.explorer-command code').textContent = commandLine(engine, next);
  find(root, '.explorer-news').textContent = told(sections, engine, next, old ? before : undefined);
}

function told(sections: readonly MarkedSection[], engine: Engine, next: State, before: State | undefined): string {
  const lines = sections.flatMap((section) => section.lines);
  const many = lines.filter(({ mark }) => mark !== 'gone').length;
  const { ignored = [] } = askedBy(engine, next);
  const left = ignored.length > 0 ? ` Without effect on the plan, or unknown to the steps: ${ignored.join(', ')}.` : '';
  return `${many} lines.${before ? ` ${since(before, next, engine)}: ${news(lines)}.` : ''}${left}`;
}

/** What a comparison is with: the step before, with the same switches. */
function stepBefore({ step, on, docker, config }: State): State | undefined {
  return docker === undefined && config === undefined ? { step: step - 1, on } : undefined;
}

function since(before: State, next: State, { toggles }: Engine): string {
  if (before.config !== next.config) return 'From the plan before';
  if (before.docker !== next.docker) return next.docker === undefined ? 'Back from docker' : 'From the plan before';
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

function setControls(controls: HTMLFormElement, { toggles }: Engine, { step, on, docker = '' }: State): void {
  for (const radio of controls.querySelectorAll<HTMLInputElement>('[type=radio]'))
    radio.checked = docker === '' && Number(radio.value) === step;
  for (const box of controls.querySelectorAll<HTMLInputElement>('[type=checkbox]')) {
    box.checked = on.has(box.value);
    box.disabled = (toggles.find(({ id }) => id === box.value)?.since ?? 0) > step;
  }
  const field = controls.querySelector<HTMLInputElement>('[name=docker]');
  if (field && docker !== '') field.value = docker;
}

// At the end, when all of this is there: every explorer of the page comes to life.
for (const root of document.querySelectorAll<HTMLElement>('[data-explorer]')) enliven(root);
