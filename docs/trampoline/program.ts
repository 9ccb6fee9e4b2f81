import {
  AT_FDCWD,
  type Call,
  close,
  exitGroup,
  layOut,
  mkdir,
  O_CREAT,
  O_WRONLY,
  openat,
  TRAMPOLINE,
  tolerate,
  write,
} from 'shared-native';
import { directory, machine, model, type Tree } from 'shared-native/model';
import { callLine } from '../explorer/call-line.ts';
import type { Laid, Run } from './types.ts';

/** A small program with a bit of everything: an error that is fine, a result that later calls take, an end. */
export function program(folder = '/tmp/box'): Call[] {
  const file = openat(AT_FDCWD, `${folder}/hello`, O_CREAT | O_WRONLY);
  return [tolerate(mkdir(folder, 0o755), 'EEXIST'), file, write(file, 'hi\n'), close(file), exitGroup(0)];
}

/** Machines on which the program goes another way. */
const RUNS: readonly { readonly title: string; readonly tree: Tree }[] = [
  { title: 'All goes well', tree: {} },
  { title: 'The directory is there already', tree: { '/tmp/box': directory() } },
  { title: 'The file can’t be made', tree: { '/tmp/box/hello': directory() } },
];

/** Where the program is put in the memory that is shown. */
const ADDRESS = 0x10000;

/** The program as it lies in memory, and what a machine answers to it: made by the course's own code. */
export function laid(calls = program()): Laid {
  const { image, pointers, records } = layOut(calls, 'x64');
  const bytes = Uint8Array.from(image);
  const view = new DataView(bytes.buffer);
  for (const pointer of pointers) view.setBigInt64(pointer, view.getBigInt64(pointer, true) + BigInt(ADDRESS), true);
  return {
    code: TRAMPOLINE.x64,
    address: ADDRESS,
    bytes: Buffer.from(bytes).toString('base64'),
    records: records.map((offset, nth) => {
      const { text, args = [] } = callLine(calls[nth] ?? exitGroup(127), { step: 0 });
      return { address: ADDRESS + offset, call: text, args: args.map(([name, value]) => [name, value] as const) };
    }),
    runs: RUNS.map(({ title, tree }): Run => ({ title, answers: answers(calls, tree) })),
  };
}

/** What the model of the kernel answers to each call that is made. */
function answers(calls: readonly Call[], tree: Tree): number[] {
  return model(machine({ tree }))
    .run(calls)
    .answers.map(({ result }) => result);
}
