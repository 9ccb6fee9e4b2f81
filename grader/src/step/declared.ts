import { parseAst } from 'vitest/node';
import type { Worth } from '../task.ts';

/** What a `task(…)` of a test file says. */
export interface Declared extends Worth {
  readonly task: number;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/**
 * Every `task(number, { points, hints }, …)` of a test file, read without running it: so the points are known also
 * of a run that was cut short. All that is declared must be literals.
 *
 * @throws {Error} if something isn't
 */
export function declared(source: string, file: string): Declared[] {
  const found: Declared[] = [];
  visit(parseAst(source, { lang: 'ts' }) as unknown as Node, (node) => {
    const { callee, arguments: args } = node as unknown as { callee: Node; arguments: Node[] };
    if (node.type !== 'CallExpression' || callee.type !== 'Identifier' || callee.name !== 'task') return;
    const [task, worth] = args.slice(0, 2).map((argument) => literal(argument, file)) as [number, Worth];
    if (!Number.isInteger(task) || !(worth.points > 0) || !(worth.hints?.length > 0)) {
      throw new Error(`${file}: expected task(number, { points, hints }, …) with points and a hint, got task ${task}`);
    }
    found.push({ task, points: worth.points, hints: worth.hints });
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

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && typeof child.type === 'string') visit(child, see);
    }
  }
}
