import { entered, type Processor, type Register, step, type Touched } from './interpreter.ts';
import type { Laid, Run } from './types.ts';

/** The processor between two instructions. */
export interface Moment {
  /** The instruction that comes next, by its number. */
  readonly next: number;
  readonly registers: Readonly<Record<Register, bigint>>;
  readonly flags: Processor['flags'];
  /** What the last instruction touched in memory. */
  readonly touched: Touched | undefined;
  /** The memory, which is copied only when something is written. */
  readonly memory: DataView;
}

/** Runs a program to its end. @returns every moment of it, the first before any instruction */
export function moments(laid: Laid, run: Run): Moment[] {
  const code = codeOf(laid);
  const starts = startsOf(laid);
  const bytes = Uint8Array.from(atob(laid.bytes), (letter) => letter.charCodeAt(0));
  const memory = { address: BigInt(laid.address), view: new DataView(bytes.buffer) };
  const processor = entered(BigInt(laid.records[0]?.address ?? 0));
  const answers = [...run.answers];
  let shown = copy(memory.view);
  const now = (touched: Touched | undefined): Moment => ({
    next: starts.indexOf(processor.at),
    registers: { ...processor.registers },
    flags: processor.flags,
    touched,
    memory: shown,
  });
  const all = [now(undefined)];
  const kernel = ({ rax }: Processor['registers']) => (rax === EXIT_GROUP ? undefined : BigInt(answers.shift() ?? 0));
  for (;;) {
    const touched = step(code, processor, memory, kernel);
    if (touched === null) return all;
    if (touched?.written) shown = copy(memory.view);
    all.push(now(touched));
  }
}

const EXIT_GROUP = 231n;

/** The machine code, in a row. */
function codeOf({ code }: Pick<Laid, 'code'>): Uint8Array {
  return Uint8Array.from(code.flatMap(([bytes]) => bytes.split(' ').map((byte) => Number.parseInt(byte, 16))));
}

/** Where each instruction begins. */
function startsOf({ code }: Pick<Laid, 'code'>): number[] {
  const lengths = code.map(([bytes]) => bytes.split(' ').length);
  return lengths.map((_, nth) => lengths.slice(0, nth).reduce((sum, length) => sum + length, 0));
}

function copy(view: DataView): DataView {
  return new DataView(view.buffer.slice(0));
}
