import { humanSize, put } from 'step-10';
import type { Part, Progress } from './progress.ts';

/** Milliseconds between two drawings of one layer's progress. */
const EACH = 100;

/** For a terminal: each layer has a line, which is drawn anew. */
export function terminal(to: number, size: () => { columns: number; rows: number }): Progress {
  const rows = new Map<string, Row>();
  const draw = (row: Row, text: string) => {
    row.drawn = performance.now();
    const up = rows.size - row.at;
    put(`\x1b[${up}A\r\x1b[2K${text}\x1b[${up}B\r`, to);
  };
  return {
    line(text) {
      put(`${text}\n`, to);
      rows.clear(); // what comes now begins below
    },
    layer(id, status, part) {
      const row = rows.get(id) ?? newRow(id);
      if (part !== undefined && row.status === status && performance.now() - row.drawn < EACH) return;
      row.status = status;
      draw(row, rowText(id, status, part, size().columns));
    },
  };

  function newRow(id: string): Row {
    if (rows.size >= size().rows - 1) rows.clear(); // what has left the screen can't be drawn any more
    const row = { at: rows.size, status: '', drawn: 0 };
    rows.set(id, row);
    put('\n', to);
    return row;
  }
}

interface Row {
  /** Its place among those that are drawn, from 0. */
  readonly at: number;
  status: string;
  drawn: number;
}

/** `e5cb6ddb08e4: Downloading [=====>     ]  1.049MB/11.2MB`, as docker has it; where it's narrow, without the bar. */
export function rowText(id: string, status: string, part: Part | undefined, columns: number): string {
  if (part === undefined) return `${id}: ${status}`.slice(0, columns - 1);
  const numbers = `${humanSize(part.done, 4).padStart(8)}/${humanSize(part.whole, 4)}`;
  const room = Math.min(50, columns - 1 - `${id}: ${status} [] ${numbers}`.length);
  const full = Math.floor((Math.max(room, 0) * Math.min(part.done, part.whole)) / Math.max(part.whole, 1));
  const bar = room < 10 ? '' : ` [${`${'='.repeat(full)}>`.slice(0, room).padEnd(room)}]`;
  return `${id}: ${status}${bar} ${numbers}`.slice(0, columns - 1);
}
