import {
  argumentText,
  type Call,
  ERRNO,
  inWords,
  manualAddress,
  manualTitle,
  type Argument as NativeArgument,
  type SyscallName,
  syscallNumber,
} from 'shared-native';
import { spelling } from '../../shared-native/src/kernel/spelling.ts';
import { standingFor } from './made-of.ts';
import type { Argument, CallFacts, Line, Origin } from './types.ts';

/** A call as a line. */
export function callLine(call: Call, from: Origin): Line {
  const { name, least, tolerates } = call;
  return {
    kind: 'call',
    ...from,
    text: `${name}(${Object.values(call.args).map(shortly).join(', ')})`,
    words: readably(inWords(call), call),
    key: `${name} ${place(call)}`.trim(),
    name,
    args: Object.entries(call.args).map(argument),
    ...(least !== undefined && { least }),
    ...(tolerates !== undefined && {
      tolerates: tolerates === 'any' ? tolerates : `-${tolerates} (${-errno(tolerates)})`,
    }),
  };
}

/** Lines, with those that do the same to different things as one: the 28 signals that are reset, say. */
export function callLines(calls: readonly Call[], from: Origin): Line[] {
  const lots: { line: Line; calls: Call[]; differing: string[] }[] = [];
  for (const call of calls) {
    const line = callLine(call, from);
    const last = lots.at(-1);
    const [, first = ''] = line.args?.[0] ?? [];
    if (last && last.line.name === line.name && last.line.words === line.words) {
      last.calls.push(call);
      last.differing.push(first);
    } else lots.push({ line, calls: [call], differing: [first] });
  }
  return lots.map(({ line, calls, differing }) =>
    standingFor(differing.length > 1 ? { ...line, alike: differing } : line, calls),
  );
}

/** What there is to know of a system call by its name. */
export function callFacts(name: SyscallName): CallFacts {
  const any = { kind: 'null' } as const;
  const { name: onArm } = spelling({ name, args: { a: any, b: any, c: any } }, 'arm64');
  return {
    title: manualTitle(name),
    address: manualAddress(name),
    x64: String(syscallNumber(name, 'x64')),
    arm64: `${syscallNumber(onArm, 'arm64')}${onArm === name ? '' : ` (${onArm})`}`,
  };
}

function argument([name, value]: [string, NativeArgument]): Argument {
  const raw = inCell(value);
  return raw === undefined ? [name, shortly(value)] : [name, shortly(value), raw];
}

/** What the eight bytes hold that the trampoline passes on, where that isn't what is shown. */
function inCell(value: NativeArgument): string | undefined {
  switch (value.kind) {
    case 'integer':
      return String(value.value) === argumentText(value) ? undefined : String(value.value);
    case 'null':
      return '0';
    case 'result':
      return `the result of ${shortly(value).slice(1, -1)}`;
    default:
      return `the address of ${value.kind === 'struct' ? `a struct ${value.name}` : argumentText(value)}`;
  }
}

/** An argument as text. The result of an earlier call is named by that call and its place: ‹openat /dev/ptmx›. */
function shortly(value: NativeArgument): string {
  return value.kind === 'result'
    ? `‹${[value.of.name, hint(value.of)].filter(Boolean).join(' ')}›`
    : argumentText(value);
}

function hint(call: Call): string {
  const named = Object.values(call.args).find((one) => one.kind === 'integer' && one.shown === 'ioctl=');
  return place(call) || (named ? argumentText(named) : '');
}

/** The words of `inWords`, which quote the whole text of a call whose result is taken. */
function readably(words: string, call: Call): string {
  return Object.values(call.args).reduce(
    (text, value) => (value.kind === 'result' ? text.replaceAll(argumentText(value), shortly(value)) : text),
    words,
  );
}

const PLACES = ['linkpath', 'to_pathname', 'new_root', 'pathname', 'path', 'target'];

/** The path that a call is about. */
function place(call: Call): string {
  for (const name of PLACES) {
    const value = call.args[name];
    if (value?.kind === 'string') return value.value;
  }
  return '';
}

function errno(name: string): number {
  return ERRNO[name] ?? 0;
}
