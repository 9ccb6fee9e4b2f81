import type { Argument, Call, Field, Shown } from './call.ts';
import { manualPage } from './calls/manual.ts';
import * as constants from './kernel/constants.ts';
import { errnoName } from './kernel/errno.ts';
import { addressText } from './rtnetlink/address.ts';
import { asIp } from './rtnetlink/as-ip.ts';
import type { Message } from './rtnetlink/message.ts';

/** A call as strace writes it, flags by name: `mount("proc", "/proc", "proc", MS_NOSUID|MS_NODEV, NULL)`. */
export function asStrace(call: Call): string {
  return `${call.name}(${Object.values(call.args).map(argumentText).join(', ')})`;
}

/** All of a call: as strace writes it, and which results are fine: `mkdir("/proc", 0555) or EEXIST`, `read(3, [1 bytes], 1) >= 1`. */
export function asText(call: Call): string {
  const { least = 0, tolerates, exactly } = call;
  if (exactly !== undefined) return `${asStrace(call)} == ${exactly}`;
  const atLeast = least === 0 ? '' : ` >= ${least}`;
  const or = tolerates === undefined ? '' : ` or ${tolerates === 'any' ? 'any error' : tolerates}`;
  return asStrace(call) + atLeast + or;
}

/** A result as strace writes it: `0`, or `-1 ENOENT`. */
export function resultText(result: number): string {
  return result < 0 ? `-1 ${errnoName(-result)}` : String(result);
}

/** What a call does, in plain words; its text where nothing is known of it. */
export function inWords(call: Call): string {
  const words = manualPage(call.name)?.words;
  if (!words) return asStrace(call);
  const plain = ([name, argument]: [string, Argument]) => [name, plainText(argument)];
  return words(Object.fromEntries(Object.entries(call.args).map(plain)));
}

function plainText(argument: Argument): string {
  if (argument.kind === 'string') return argument.value || '""';
  return argument.kind === 'bytes' && argument.message ? asIp(argument.message) : argumentText(argument);
}

/** One argument as strace writes it. */
export function argumentText(argument: Argument): string {
  switch (argument.kind) {
    case 'integer':
      return numberText(argument.value, argument.shown);
    case 'null':
      return 'NULL';
    case 'string':
      return JSON.stringify(argument.value);
    case 'strings':
      return `[${argument.value.map((one) => JSON.stringify(one)).join(', ')}]`;
    case 'struct':
      return `{${Object.entries(argument.fields).map(fieldText).join(', ')}}`;
    case 'bytes':
      return argument.message ? messageText(argument.message) : bytesText(argument.value);
    case 'room':
      return `[${argument.into.length} bytes]`;
    case 'result':
      return `<${earlier(argument.of)}>`;
  }
}

/** A call whose result another takes. Those whose results it takes itself are only named: each has a line to itself. */
function earlier({ name, args }: Call): string {
  const taken = Object.values(args);
  if (!taken.some(({ kind }) => kind === 'result')) return asStrace({ name, args });
  return `${name}(${taken.map((one) => (one.kind === 'result' ? `<${one.of.name}(…)>` : argumentText(one))).join(', ')})`;
}

/** A message of rtnetlink, as strace writes it, but for what is 0: `{type=RTM_NEWLINK, ifi_flags=1, IFLA_IFNAME="lo"}`. */
function messageText({ type, flags, header, attributes }: Message): string {
  const all = [['type', type], ...(flags.length > 0 ? [['flags', flags.join('|')]] : []), ...Object.entries(header)];
  const plain = all.map(([name, value]) => `${name}=${value}`);
  const more = Object.entries(attributes).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${[...plain, ...more].join(', ')}}`;
}

/** The names of the set bits of a number, from one group of constants: `flagNames(16384, 'MS')` is `MS_REC`. */
export function flagNames(value: number | bigint, group: string): string {
  const set: [string, bigint][] = [];
  let rest = BigInt(value);
  for (const [name, bits] of groupMembers(group)) {
    if (bits === 0n || (rest & bits) !== bits) continue;
    set.push([name, bits]);
    rest &= ~bits;
  }
  const names = set.sort(([, one], [, other]) => Number(one - other)).map(([name]) => name);
  if (rest !== 0n) names.push(group === 'CLONE' ? valueName(rest, 'signal') : `0x${rest.toString(16)}`);
  return names.join('|') || valueName(value, group);
}

function numberText(value: number | bigint, shown?: Shown): string {
  if (shown === undefined) return String(value);
  if (shown === 'octal') return octal(value);
  if (shown === 'htons') return `htons(${((Number(value) & 0xff) << 8) | (Number(value) >> 8)})`;
  if (shown === 'in_addr') return JSON.stringify(addressText(inOrder(Number(value))));
  if (shown === 'fd') return Number(value) === constants.AT_FDCWD ? 'AT_FDCWD' : String(value);
  if (shown === 'node') return nodeText(Number(value));
  if (shown === 'dev') return deviceText(Number(value));
  if (shown.endsWith('=')) return valueName(value, shown.slice(0, -1));
  const [group = '', first] = shown.split('#');
  return first === undefined ? flagNames(value, group) : setText(BigInt(value), group, Number(first));
}

/** The one constant of a group that has this value, or the number. */
function valueName(value: number | bigint, group: string): string {
  const named = groupMembers(group).find(([, number]) => number === BigInt(value));
  if (named) return named[0];
  return group === 'signal' && value > constants.SIGRTMIN
    ? `SIGRTMIN+${Number(value) - constants.SIGRTMIN}`
    : String(value);
}

/** Bit n of a set stands for the constant of value `first` + n. Of nearly all signals, those that are missing are named. */
function setText(value: bigint, group: string, first: number): string {
  const most = group === 'signal' && bitCount(value) > 32;
  const bits = (most ? BigInt.asUintN(64, ~value) : value).toString(2).split('').reverse();
  const names = bits.flatMap((bit, index) => (bit === '1' ? [valueName(first + index, group)] : []));
  return `${most ? '~' : ''}[${names.join(', ')}]`;
}

/** The bytes of a number of 32 bits, as they lie in memory. */
function inOrder(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer);
}

function octal(value: number | bigint): string {
  return `0${value.toString(8)}`.replace(/^00$/, '0');
}

function nodeText(mode: number): string {
  const type = mode & constants.S_IFMT;
  return type === 0 ? octal(mode) : `${valueName(type, 'node')}|${octal(mode & ~constants.S_IFMT)}`;
}

function deviceText(dev: number): string {
  return dev === 0 ? '0' : `makedev(${(dev >>> 8) & 0xfff}, ${(dev & 0xff) | ((dev >>> 12) & 0xf_ff00)})`;
}

function fieldText([name, field]: [string, Field]): string {
  return `${name}=${argumentText(field.value)}`;
}

function bytesText(value: Uint8Array): string {
  const text = new TextDecoder().decode(value);
  return /^[\x20-\x7e\n]*$/.test(text) && value.length < 100 ? JSON.stringify(text) : `[${value.length} bytes]`;
}

/** Groups whose names have no prefix of their own. */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  signal: /^SIG[A-Z]/,
  ioctl: /^(TIOC|TCGETS|TCSETS|SIOC|NS_GET_)/,
  node: /^S_IF(?!MT$)/,
  PR: /^PR_(?!CAP_AMBIENT_)/,
  bpf: /^BPF_(PROG_(?!TYPE_)|OBJ_)/,
};

const groups = new Map<string, [string, bigint][]>();

/** The constants of a group: those that begin with its name, or one of several with `|` between, or are it. */
function groupMembers(group: string): [string, bigint][] {
  const members = groups.get(group) ?? findMembers(PATTERNS[group] ?? new RegExp(`^(${group})(_|$)`));
  groups.set(group, members);
  return members;
}

// Most bits first, so that MS_SYNCHRONOUS|... reads as whole names and not as parts of a larger one.
function findMembers(pattern: RegExp): [string, bigint][] {
  return Object.entries(constants)
    .filter(([name]) => pattern.test(name))
    .map(([name, value]): [string, bigint] => [name, BigInt(value)])
    .sort(([, one], [, other]) => bitCount(other) - bitCount(one));
}

function bitCount(value: bigint): number {
  return value < 0n ? 0 : value.toString(2).replaceAll('0', '').length;
}
