import { parseAst } from 'vitest/node';
import type { Worth } from '../task.ts';
import { type Node, visit } from './syntax.ts';

/** Some of a task's tests, and their points. */
export interface Group {
  readonly name: string;
  readonly points: number;
}

/** What a `task(…)` of a test file says. */
export interface Declared extends Worth {
  readonly task: number;
  /** None, if its points come all or not at all. */
  readonly groups: readonly Group[];
}

/**
 * Every `task(number, { points, hints }, …)` of a test file with its `group(name, points, …)`, read without running it: so
 * the points are known also of a run that was cut short. All that is declared must be literals.
 *
 * @throws {Error} if something isn't, or groups don't come to the points of their task
 */
export function declared(source: string, file: string): Declared[] {
  return calls(parseAst(source, { lang: 'ts' }) as unknown as Node, 'task').map((args) => {
    const [task, worth] = args.slice(0, 2).map((argument) => literal(argument, file)) as [number, Worth];
    if (!Number.isInteger(task) || !(worth.points > 0) || !(worth.hints?.length > 0)) {
      throw new Error(`${file}: expected task(number, { points, hints }, …) with points and a hint, got task ${task}`);
    }
    const groups = args[2] === undefined ? [] : groupsOf(args[2], file);
    assertWhole(groups, worth.points, `${file}: task ${task}`);
    return { task, points: worth.points, hints: worth.hints, groups };
  });
}

function groupsOf(tests: Node, file: string): Group[] {
  return calls(tests, 'group').map((args) => {
    const [name, points] = args.slice(0, 2).map((argument) => literal(argument, file)) as [string, number];
    if (typeof name === 'string' && name !== '' && points > 0) return { name, points };
    throw new Error(
      `${file}: expected group(name, points, …), got a name of ${JSON.stringify(name)} and ${points} points`,
    );
  });
}

function assertWhole(groups: readonly Group[], points: number, where: string): void {
  if (groups.length === 0) return;
  const sum = groups.reduce((all, one) => all + one.points, 0);
  if (sum !== points) throw new Error(`${where}: its groups come to ${sum} points, and the task to ${points}`);
  const twin = groups.find(({ name }, at) => groups.some((other, before) => before < at && other.name === name));
  if (twin) throw new Error(`${where} has two groups of the name ${JSON.stringify(twin.name)}`);
}

/** The arguments of each call of a function, in the order of the source. */
function calls(within: Node, name: string): Node[][] {
  const found: Node[][] = [];
  visit(within, (node) => {
    const { callee, arguments: args } = node as unknown as { callee: Node; arguments: Node[] };
    if (node.type === 'CallExpression' && callee.type === 'Identifier' && callee.name === name) found.push(args);
  });
  return found;
}

function literal(node: Node, file: string): unknown {
  switch (node.type) {
    case 'Literal':
      return node.value;
    case 'TemplateLiteral':
      if ((node.expressions as Node[]).length > 0) break;
      return (node.quasis as { value: { cooked: string } }[])[0]?.value.cooked;
    case 'ArrayExpression':
      return (node.elements as Node[]).map((element) => literal(element, file));
    case 'BinaryExpression':
      if (node.operator !== '+') break;
      return `${literal(node.left as Node, file)}${literal(node.right as Node, file)}`;
    case 'ObjectExpression':
      return Object.fromEntries(
        (node.properties as { key: Node; value: Node }[]).map(({ key, value }) => [key.name, literal(value, file)]),
      );
  }
  throw new Error(`${file}: what task(…) declares is read without being run, so it must be literal: got ${node.type}`);
}
