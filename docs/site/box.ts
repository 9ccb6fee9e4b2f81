import { type Html, html } from './html.ts';
import type { Step } from './outline.ts';

/** How many columns and rows the box has: ten fields run round it. */
const COLUMNS = 4;
const ROWS = 3;

/** The fields round a box, from the upper left one on, with the hands of the clock: column and row, from 1. */
function roundTheBox(): { column: number; row: number }[] {
  const range = (from: number, to: number) =>
    Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from + Math.sign(to - from) * i);
  return [
    ...range(1, COLUMNS).map((column) => ({ column, row: 1 })),
    ...range(2, ROWS).map((row) => ({ column: COLUMNS, row })),
    ...range(COLUMNS - 1, 1).map((column) => ({ column, row: ROWS })),
    ...range(ROWS - 1, 2).map((row) => ({ column: 1, row })),
  ];
}

/** The course as the dance is drawn: ten steps that make a box. Those done are filled by the script. */
export function smallBox(steps: readonly Step[], current?: number): Html {
  const places = roundTheBox();
  const fields = steps.map(({ number, lesson }, index) => {
    const { column, row } = places[index] ?? { column: 0, row: 0 };
    const kind = number === current ? 'field here' : lesson ? 'field' : 'field later';
    const step = lesson && html` data-step="${number}"`;
    return html`<rect class="${kind}"${step} x="${column * 9 - 8}" y="${row * 9 - 8}" width="7" height="7" rx="1.5"/>`;
  });
  return html`<svg class="small-box" viewBox="0 0 37 28" width="37" height="28" aria-hidden="true">${fields}</svg>`;
}
