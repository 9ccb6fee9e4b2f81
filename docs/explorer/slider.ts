/** A slider that can play, with the buttons that move it. */
export interface Slider {
  here(): number;
  moveTo(index: number): void;
  stop(): void;
  /** What the buttons do, by their `data-do`. */
  readonly buttons: Readonly<Record<'back' | 'step' | 'play', () => void>>;
}

/**
 * Lets a slider play, from its place to its end. Its `max` may change while it stands still.
 *
 * @param button - says whether it plays: Play, or Pause
 * @param every - milliseconds at each place
 * @param show - is called with each place that it comes to
 */
export function playable(
  slider: HTMLInputElement,
  button: HTMLButtonElement,
  every: number,
  show: (index: number) => void,
): Slider {
  let timer: ReturnType<typeof setInterval> | undefined;
  const here = () => Number(slider.value);
  const last = () => Number(slider.max);
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    button.textContent = 'Play';
  };
  const moveTo = (index: number) => {
    const there = Math.max(0, Math.min(index, last()));
    slider.value = String(there);
    show(there);
    if (there === last()) stop();
  };
  const step = () => moveTo(here() + 1);
  const play = () => {
    if (timer !== undefined) return stop();
    if (here() === last()) moveTo(0);
    button.textContent = 'Pause';
    timer = setInterval(step, every);
  };
  slider.oninput = () => moveTo(here());
  return { here, moveTo, stop, buttons: { back: () => moveTo(here() - 1), step, play } };
}
