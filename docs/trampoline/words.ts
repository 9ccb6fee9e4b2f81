import { hex } from './record.ts';
import type { Moment } from './trace.ts';
import type { Laid, LaidRecord } from './types.ts';

/** What the instruction did that led to a moment. */
export function words({ records, code }: Laid, before: Moment | undefined, now: Moment): string {
  if (!before)
    return 'clone(2) has called the code as a function: its one argument is the address of the first record.';
  const [, assembly = ''] = code[before.next] ?? [];
  const record = records.find(({ address }) => BigInt(address) === before.registers.rbx);
  const says = WORDS.find(([pattern]) => pattern.test(assembly))?.[1];
  return says?.({ assembly, record, before, now }) ?? '';
}

interface Done {
  readonly assembly: string;
  readonly record: LaidRecord | undefined;
  readonly before: Moment;
  readonly now: Moment;
}

const ARGUMENTS = ['rdi', 'rsi', 'rdx', 'r10', 'r8', 'r9'];

const WORDS: readonly (readonly [RegExp, (done: Done) => string])[] = [
  [/^mov rbx, rdi/, ({ now }) => `rbx is where we are: the record at ${hex(now.registers.rbx)}.`],
  [/mov r\w+, \[rbx\+(16|24|32|40|48|56)\]/, (done) => `The record’s pointer to the cell of ${argument(done)}.`],
  [/mov rax, \[rbx\+8\]/, ({ record }) => `The number of ${nameOf(record)}.`],
  [/^2: mov rbx/, ({ now }) => `rbx is now the record to go on with: ${hex(now.registers.rbx)}.`],
  [/^mov \[rbx\], rax/, () => 'The answer is in the record now: later calls may take it, and the parent reads it.'],
  [/^mov /, (done) => `What the cell holds: ${argument(done)}.`],
  [
    /^syscall/,
    ({ record, now }) => `The kernel makes ${record?.call ?? 'the call'}, and answers ${now.registers.rax}.`,
  ],
  [/^cmp rax, \[rbx\+64\]/, () => 'Is the answer at least the least result that is success?'],
  [/^cmp/, () => 'Is it the one error that is fine?'],
  [/^jge/, ({ before }) => (before.flags.less ? 'It is less, so there is no jump.' : 'It is: jump to 2.')],
  [
    /^je/,
    ({ before }) => (before.flags.same ? 'It is: that is as good as success.' : 'It isn’t: the call has failed.'),
  ],
  [/^add/, () => 'Eight bytes further on, so that the next instruction loads “other” instead of “next”.'],
  [/^jmp/, () => 'And again.'],
];

/** The argument that an instruction is about, with what it is. */
function argument({ assembly, record }: Done): string {
  const nth = ARGUMENTS.findIndex((register) => assembly.includes(`mov ${register},`));
  const [name, text] = record?.args[nth] ?? [];
  return name === undefined
    ? `argument ${nth + 1}, which this call doesn’t have`
    : `argument ${nth + 1}, ${name}: ${text}`;
}

function nameOf(record: LaidRecord | undefined): string {
  return record?.call.split('(')[0] ?? 'the call';
}
