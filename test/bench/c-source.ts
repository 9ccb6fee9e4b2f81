import type { Argument, Call, Field, Message } from '../../shared-native/src/index.ts';
import { delLink, ERRNO, encode, PR_SET_PDEATHSIG, thisMachine } from '../../shared-native/src/index.ts';
import { spelling } from '../../shared-native/src/kernel/spelling.ts';
import { resolved } from '../../shared-native/src/rtnetlink/resolved.ts';
import { cloneFlags, type Deed, inOrder, PID, type Plan, state } from '../../steps/01-namespaces/src/index.ts';
import { fileOf } from '../../steps/05-network/src/networks.ts';
import { asCommands, removing, type Table, type TableName } from '../../steps/05-network/src/tables.ts';

/**
 * A plan as C, for clone.c to include: what its process calls, one line a call, and what the host does around it. It is
 * made from the very list that `clone` lays out, so neither of the two can make a call that the other doesn't.
 */
export function cSource({ name, namespaces, actions, readings, program }: Plan): string {
  const all = inOrder(program);
  const fork = all.findIndex(({ name }) => name === 'clone');
  const { first, rest, kept } = calls(all, fork < 0 ? all.length : fork);
  const undo = actions.toReversed().flatMap((action) => action.undo);
  const doing = (when: 'before' | 'adopt') => actions.filter((one) => one.when === when).flatMap((one) => one.do);
  return [
    `#define NAME ${quoted(name)}`,
    `#define JOURNALS ${quoted(state().journals)}`,
    `#define NAMESPACES ${fork < 0 ? cloneFlags(namespaces) : 0}`, // a child is born into them
    `#define ASKS_FOR_SIGNAL ${Number(all.some(asksForSignal))}`,
    `static const char UNDO[] = ${quoted(JSON.stringify(undo))};`,
    `#define GOES_ON_IN_CHILD ${Number(fork >= 0)}`,
    ...kept.map((result) => `static long ${result};`),
    functionOf('program_of_plan', ['long result;', ...first]),
    functionOf('rest_of_plan', ['long result = 0;', '(void)result;', ...rest]),
    functionOf('before', doing('before').map(deed)),
    functionOf('adopt', doing('adopt').map(deed), 'pid_t pid'),
    functionOf(
      'readings',
      readings.map((file) => `take(${quoted(file)});`),
    ),
    functionOf('undo', undo.map(deed)),
  ].join('\n');
}

function functionOf(name: string, lines: readonly string[], parameter = 'void'): string {
  return `static void ${name}(${parameter}) {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

/**
 * Each call, and what may come of it; after a prctl that asks for a signal, the question that the engine puts there. What a
 * child goes on with is apart.
 *
 * @param fork - which call makes the child: the next one waits for it
 */
function calls(all: readonly Call[], fork: number): { first: string[]; rest: string[]; kept: string[] } {
  const results = new Map<Call, string>();
  const machine = thisMachine();
  const kept: string[] = [];
  const lines = all.map((call, nth) => {
    if (nth === fork) return [`go_on_in_child(${flagsOf(call)});`];
    if (nth === fork + 1) return [];
    const { name, number, args } = spelling(call, machine);
    const six = args.map((argument) => expression(argument, results));
    results.set(call, `result_${nth}`);
    const made = `result = syscall(${[number, ...six].join(', ')});  // ${name}`;
    const isKept = all.some((other) => takes(other, call));
    if (isKept) kept.push(`result_${nth}`);
    const keep = isKept ? [`result_${nth} = result;`] : [];
    return [made, check(call), ...keep, ...(asksForSignal(call) ? ['lifeline_check();'] : [])].filter(Boolean);
  });
  return { first: lines.slice(0, fork + 1).flat(), rest: lines.slice(fork + 1).flat(), kept };
}

function flagsOf({ args: { flags } }: Call): number {
  if (flags?.kind !== 'integer') throw new Error('a program goes on in a child by goOnInChild');
  return Number(flags.value);
}

function check({ tolerates, least = 0 }: Call): string {
  if (tolerates === 'any') return '';
  return `if (result < ${least}${tolerates === undefined ? '' : ` && errno != ${ERRNO[tolerates]}`}) _exit(127);`;
}

function takes(call: Call, result: Call): boolean {
  return Object.values(call.args).some((argument) => argument.kind === 'result' && argument.of === result);
}

function asksForSignal({ name, args: { option } }: Call): boolean {
  return name === 'prctl' && option?.kind === 'integer' && option.value === PR_SET_PDEATHSIG;
}

function expression(argument: Argument, results: ReadonlyMap<Call, string>): string {
  switch (argument.kind) {
    case 'integer':
      return `${argument.value}L`;
    case 'null':
      return 'NULL';
    case 'string':
      return quoted(argument.value);
    case 'strings':
      return strings(argument.value);
    case 'struct':
      return struct(Object.values(argument.fields), results);
    case 'bytes':
      return `(const unsigned char[]){${[...argument.value].join(', ')}}`;
    case 'room':
      return `(unsigned char[${argument.into.length}]){0}`;
    case 'result':
      return results.get(argument.of) ?? 'no such call before';
  }
}

/** C lays it out as the kernel wants it, by the widths of the fields. */
function struct(fields: readonly Field[], results: ReadonlyMap<Call, string>): string {
  const members = fields.map(({ bytes }, nth) => `uint${bytes * 8}_t f${nth};`).join(' ');
  const values = fields.map(({ bytes, value }) => `(uint${bytes * 8}_t)${expression(value, results)}`);
  return `&(const struct { ${members} }){${values.join(', ')}}`;
}

function deed(deed: Deed): string {
  switch (deed.deed) {
    case 'mkdir':
      return `make_directory(${quoted(deed.path)});`;
    case 'rmdir':
      return `rmdir(${quoted(deed.path)});`;
    case 'write':
      if (deed.text === PID) return `put_pid(pid, ${quoted(deed.path)});`;
      return `put(${quoted(deed.text)}, ${pathOf(deed.path)});`;
    case 'remove-cgroup':
      return `remove_cgroup(${quoted(deed.path)});`;
    case 'other':
      return (KINDS[deed.kind] ?? unknown(deed.kind))(deed.of as never);
    case 'run':
      throw new Error(`the bench can't do in C what a program does: ${deed.argv.join(' ')}`);
  }
}

/** A path, which may hold the number of the container's first process. */
function pathOf(path: string): string {
  return path.includes(PID) ? `of_process(${quoted(path.replaceAll(PID, '%d'))}, pid)` : quoted(path);
}

function unknown(kind: string): never {
  throw new Error(`the bench has no C for this kind of deed: ${kind}`);
}

interface Left {
  readonly network: string;
  readonly bridge: string;
}

interface NewMaps {
  readonly newuidmap: readonly string[];
  readonly newgidmap: readonly string[];
}

interface Owned {
  readonly paths: readonly string[];
  readonly uid: number;
  readonly gid: number;
}

/** Kinds of deeds that later steps add, in C. */
const KINDS: Readonly<Record<string, (of: never) => string>> = {
  rtnetlink: (message: Message) => told(message),
  'remove-link': (name: string) => told(delLink(name), 'ENODEV'),
  'make-tables': (tables: readonly Table[]) => `nft_or_fail(${quoted(asCommands(tables))});`,
  'make-shared-table': (table: Table) =>
    `if (nft(${quoted(`list table ${table.family} ${table.name}`)}) != 0) nft_or_fail(${quoted(asCommands([table]))});`,
  'remove-tables': (tables: readonly TableName[]) => `nft_or_fail(${quoted(removing(tables))});`,
  sysctl: ({ path, value }: { path: string; value: string }) => `set_variable(${quoted(value)}, ${quoted(path)});`,
  'new-file': ({ path, text }: { path: string; text: string }) => `new_file(${quoted(text)}, ${quoted(path)});`,
  'remove-directory': (path: string) => `remove_directory(${quoted(path)});`,
  'make-container': ({ directory, record }: { directory: string; record: object }) =>
    `make_container(${quoted(directory)}, ${quoted(`${JSON.stringify(record)}\n`)});`,
  'remove-container': (directory: string) => `remove_directory(${quoted(directory)});`,
  chown: ({ paths, uid, gid }: Owned) => paths.map((path) => `give(${quoted(path)}, ${uid}, ${gid});`).join(' '),
  'new-maps': ({ newuidmap, newgidmap }: NewMaps) => `new_maps(pid, ${strings(newuidmap)}, ${strings(newgidmap)});`,
  'open-namespace': () => 'open_namespace(pid);',
  'give-back-ids': () => NOTHING, // they were leased once for all
  'leave-network': ({ network, bridge }: Left) => {
    const path = quoted(fileOf(network));
    const rules = quoted(removing([{ family: 'inet', name: bridge }]));
    return `{ int file; if (is_last(${path}, &file)) { ${told(delLink(bridge), 'ENODEV')} nft_or_fail(${rules}); if (file >= 0) close(file); } }`;
  },
};

const NOTHING = '';

/** Numbers that no message holds: where one is, the number that is known only then is put. */
const OPEN = 0xfe_ed_00_01;

/** Tells the kernel something, and waits for its answer: the same bytes that `request` sends. */
function told(message: Message, fine?: string): string {
  const names: string[] = [];
  const whole = resolved(message, (name) => OPEN + names.push(name), OPEN);
  const bytes = encode({ ...whole, flags: [...whole.flags, 'NLM_F_ACK'] });
  const at = (number: number) => {
    const four = new Uint8Array(Uint32Array.of(number).buffer);
    return bytes.findIndex((_, start) => four.every((byte, nth) => bytes[start + nth] === byte));
  };
  const indexes = names.map((name, nth) => `put_index(message + ${at(OPEN + nth + 1)}, fd, ${quoted(name)});`);
  const pid = at(OPEN) < 0 ? '' : `put_number(message + ${at(OPEN)}, (uint32_t)pid);`;
  const error = fine === undefined ? 0 : ERRNO[fine];
  return `{ unsigned char message[] = {${bytes.join(', ')}}; int fd = rtnetlink(); ${indexes.join(' ')} ${pid} tell(fd, message, sizeof message, ${error}); }`;
}

/** A list of them that ends as execve(2) has it. */
function strings(all: readonly string[]): string {
  return `(const char *const[]){${[...all.map(quoted), 'NULL'].join(', ')}}`;
}

/** A C string: octal, since a C hexadecimal escape has no end. */
function quoted(text: string): string {
  const escaped = [...Buffer.from(text)].map((byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c || byte === 0x3f
      ? `\\${byte.toString(8).padStart(3, '0')}`
      : String.fromCharCode(byte),
  );
  return `"${escaped.join('')}"`;
}
