import { SYSCALL_NUMBERS } from 'shared-native';
import { parseAst } from 'vitest/node';
import { regions } from '../step/regions.ts';
import type { Step, Task } from '../step/step.ts';
import { type Node, visit } from '../step/syntax.ts';

/** The reference with one thing changed, as a slip would: what the tests don't notice, they don't test. */
export interface Mutant {
  readonly task: number;
  /** `task 5: drops "ioctl(master, TIOCSPTLCK, new Uint8Array(4))"` */
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

/** A change of a source: what stands from one offset to another, and what takes its place. */
interface Change {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** All mutants of a step: lists that lack, swap or repeat a part, and calls that step over any error, or over none. */
export function mutantsOf(step: Step): Mutant[] {
  return step.tasks.flatMap((task) => {
    const source = step.sources.get(task.file) ?? '';
    const all = changes(source, task);
    return all.map(({ name, from, to, text }, at) => ({
      task: task.number,
      name: `task ${task.number}: ${name}${nth(all.slice(0, at).filter((one) => one.name === name).length)}`,
      files: new Map([...step.sources, [task.file, source.slice(0, from) + text + source.slice(to)]]),
    }));
  });
}

/** Of several changes that read the same, which it is. */
function nth(before: number): string {
  return before === 0 ? '' : ` (${before + 1})`;
}

function changes(source: string, task: Task): Change[] {
  const [begin, end] = bodyOf(source, task);
  const tree = parseAst(source, { lang: 'ts' }) as unknown as Node;
  const calls = callsIn(tree);
  const tolerated = new Set<unknown>();
  const found: Change[] = [];
  visit(tree, (node) => {
    if (node.start < begin || node.end > end) return;
    const text = (one: Node) => source.slice(one.start, one.end);
    if (isCallOf(node, 'tolerate')) tolerated.add((node.arguments as Node[])[0]);
    if (node.type === 'ArrayExpression') found.push(...ofList(node.elements as readonly Node[], text));
    else if (isCallOf(node, 'tolerate')) found.push(...ofTolerated(node, text));
    else if (isCallOf(node, ...calls)) found.push(...ofCall(node, text, tolerated.has(node)));
    else found.push(...ofExpression(node, text));
  });
  return found;
}

/** The names of system calls that a module takes from shared-native. */
function callsIn(tree: Node): string[] {
  const imports = (tree.body as readonly Node[]).filter(
    (node) => node.type === 'ImportDeclaration' && (node.source as Node).value === 'shared-native',
  );
  const names = imports.flatMap(({ specifiers }) => (specifiers as Node[]).map(({ local }) => (local as Node).name));
  return names.filter((name): name is string => CALLS.has(name as string));
}

function isCallOf(node: Node, ...names: readonly string[]): boolean {
  const callee = node.callee as Node | undefined;
  return node.type === 'CallExpression' && callee?.type === 'Identifier' && names.includes(callee.name as string);
}

/** The offsets between which a task's body stands. */
function bodyOf(source: string, { number }: Task): [number, number] {
  const lines = source.split('\n');
  const { from = 0, to = 0 } = regions(source).find(({ task }) => task === number) ?? {};
  const offset = (line: number) => lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
  return [offset(from + 1), offset(to)];
}

type Text = (node: Node) => string;

function ofList(elements: readonly Node[], text: Text): Change[] {
  return elements.flatMap((one, at) => {
    const [{ start: from, end: to }, told] = [one, shown(text(one))];
    const next = elements[at + 1];
    const drop = next
      ? { name: `drops ${told}`, from, to: next.start, text: '' }
      : { name: `drops ${told}`, from, to, text: '' };
    const repeat = { name: `repeats ${told}`, from, to, text: `${text(one)}, ${text(one)}` };
    if (!next) return [drop, repeat];
    const swapped = `${text(next)}, ${text(one)}`;
    return [drop, repeat, { name: `swaps ${told} and ${shown(text(next))}`, from, to: next.end, text: swapped }];
  });
}

/** A result that hardly any call has. */
const MUCH = 1000;

const CALLS = new Set(
  Object.keys(SYSCALL_NUMBERS).map((name) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())),
);

function ofCall(node: Node, text: Text, tolerated: boolean): Change[] {
  const least = change(node, `wants ${MUCH} as the least result of`, text, `({ ...${text(node)}, least: ${MUCH} })`);
  return tolerated ? [least] : [least, overAnyError(node, text)];
}

function ofTolerated(node: Node, text: Text): Change[] {
  const [call, error] = node.arguments as Node[];
  const none = change(node, 'steps over no error of', text, text(call as Node));
  return error?.value === 'any' ? [none] : [none, overAnyError(node, text)];
}

function overAnyError(node: Node, text: Text): Change {
  return change(node, 'steps over any error of', text, `({ ...${text(node)}, tolerates: 'any' })`);
}

const OPPOSITES: ReadonlyMap<unknown, string> = new Map(
  [
    ...[
      ['<', '<='] as const,
      ['>', '>='] as const,
      ['===', '!=='] as const,
      ['&&', '||'] as const,
      ['+', '-'] as const,
    ],
  ].flatMap(
    ([one, other]) =>
      [
        [one, other],
        [other, one],
      ] as const,
  ),
);

/** Slips of what computes a value: a boundary, a sign, the wrong way round. */
function ofExpression(node: Node, text: Text): Change[] {
  const { type, operator, left, right, test, consequent, alternate, value } = node as Node & Record<string, Node>;
  if ((type === 'BinaryExpression' || type === 'LogicalExpression') && left && right) {
    const other = operator === ('??' as unknown) ? '||' : OPPOSITES.get(operator);
    return other === undefined ? [] : [change(node, `has ${other} in`, text, `${text(left)} ${other} ${text(right)}`)];
  }
  if (type === 'ConditionalExpression' && test && consequent && alternate) {
    return [change(node, 'goes the other way in', text, `${text(test)} ? ${text(alternate)} : ${text(consequent)}`)];
  }
  if (type !== 'Literal' || typeof value !== 'number') return [];
  return [change(node, 'has one more than', text, `(${text(node)} + 1)`)];
}

function change({ start, end }: Node, what: string, text: Text, by: string): Change {
  return { name: `${what} ${shown(text({ type: '', start, end }))}`, from: start, to: end, text: by };
}

/** On one line, and not too long a one. */
function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return JSON.stringify(line.length > 70 ? `${line.slice(0, 69)}…` : line);
}
