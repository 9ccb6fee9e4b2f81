import type { Engine } from './types.ts';

let loading: Promise<Engine> | undefined;

/** The steps' code and the model, fetched once: as a script, because a page that was opened as a file can load no other. */
export function loadEngine(): Promise<Engine> {
  loading ??= new Promise((done, failed) => {
    const there = () => (globalThis as { boxstepEngine?: Engine }).boxstepEngine;
    const now = there();
    if (now) return done(now);
    const script = document.createElement('script');
    script.src = `${document.documentElement.dataset.root ?? ''}assets/engine.js`;
    script.onload = () => done(there() as Engine);
    script.onerror = () => {
      loading = undefined; // the next caller tries again
      script.remove();
      failed(new Error(`could not load ${script.src}: are you offline? Come back to the plan to try again`));
    };
    document.head.append(script);
  });
  return loading;
}

export function find<E extends HTMLElement = HTMLElement>(root: HTMLElement, selector: string): E {
  const found = root.querySelector<E>(selector);
  if (!found) throw new Error(`the explorer has no ${selector}`);
  return found;
}

/** Says why there is no such plan; what was shown stays. */
export function shownError(root: HTMLElement, { message }: Error): void {
  find(root, '.explorer-news').textContent = message.replace(/^error: /, '');
}
