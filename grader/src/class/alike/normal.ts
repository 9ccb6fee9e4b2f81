import { parseAst } from 'vitest/node';
import { type Node, visit } from '../../step/syntax.ts';
import { callOf, independent } from './independent.ts';

/**
 * A task's code as words that say what it does and not how it is written: no spaces, comments or types, local names by the
 * order in which they come, and independent calls of a list in one order.
 *
 * @returns undefined if it can't be parsed
 */
export function normal(body: string): string[] | undefined {
  try {
    const tree = parseAst(`async function* task() {\n${body}\n}`, { lang: 'ts' }) as unknown as Node;
    return new Normal(tree).words;
  } catch {
    return undefined;
  }
}

/** What says nothing: types, places, and what only groups. */
const SILENT = new Set([
  'start',
  'end',
  'range',
  'loc',
  'type',
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'returnType',
  'raw',
]);
const THROUGH = new Set(['ParenthesizedExpression', 'TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression']);

class Normal {
  readonly words: string[] = [];
  readonly #locals: ReadonlySet<string>;
  readonly #names = new Map<string, string>();

  constructor(tree: Node) {
    this.#locals = localsOf(tree);
    this.#say(tree, this.words);
  }

  #say(node: Node, words: string[]): void {
    if (node.type.startsWith('TS') && !THROUGH.has(node.type)) return;
    if (THROUGH.has(node.type)) this.#say(node.expression as Node, words);
    else if (node.type === 'Identifier') words.push(this.#name(String(node.name)));
    else this.#sayParts(node, words);
  }

  #sayParts(node: Node, words: string[]): void {
    words.push(node.type);
    for (const [key, value] of Object.entries(node)) {
      if (SILENT.has(key)) continue;
      if (key === 'elements' && Array.isArray(value)) this.#sayList(value as Node[], words);
      else this.#sayValue(value, words);
    }
    words.push('.');
  }

  #sayValue(value: unknown, words: string[]): void {
    if (Array.isArray(value)) for (const one of value) this.#sayValue(one, words);
    else if (isNode(value)) this.#say(value, words);
    else if (typeof value === 'object' && value !== null) words.push(JSON.stringify(value));
    else if (value !== null && value !== undefined && value !== false) words.push(String(value));
  }

  /** What may come first and is least by its words comes first: so two orders that mean the same become one. */
  #sayList(elements: readonly (Node | null)[], words: string[]): void {
    const left = elements.map((node) => ({
      node,
      call: node ? callOf(node) : undefined,
      text: node ? plain(node) : '',
    }));
    while (left.length > 0) {
      const free = left.filter(({ call }, at) =>
        left.slice(0, at).every((before) => call && before.call && independent(before.call, call)),
      );
      const [least] = free.sort((a, b) => (a.text < b.text ? -1 : 1));
      const [one] = left.splice(least ? left.indexOf(least) : 0, 1);
      if (one?.node) this.#say(one.node, words);
    }
  }

  #name(name: string): string {
    if (!this.#locals.has(name)) return name;
    const known = this.#names.get(name) ?? `v${this.#names.size + 1}`;
    this.#names.set(name, known);
    return known;
  }
}

/** An element's own words, in which names don't count: they may be others. */
function plain(node: Node): string {
  const words: string[] = [];
  visit(node, ({ type, name, value }) => {
    words.push(
      type,
      type === 'Identifier' && /^[A-Z]|^[a-z0-9]+$/.test(String(name)) ? String(name) : '',
      String(value ?? ''),
    );
  });
  return words.join(' ');
}

/** The names that the code itself declares. */
function localsOf(tree: Node): Set<string> {
  const found = new Set<string>();
  const declare = (pattern: unknown) => {
    if (!isNode(pattern)) return;
    if (pattern.type === 'Identifier') found.add(String(pattern.name));
    for (const part of [
      pattern.left,
      pattern.argument,
      pattern.value,
      ...list(pattern.elements),
      ...list(pattern.properties),
    ])
      if (pattern.type !== 'Identifier') declare(part);
  };
  visit(tree, (node) => {
    if (node.type === 'VariableDeclarator') declare(node.id);
    if (/Function/.test(node.type)) for (const one of list(node.params)) declare(one);
    if (node.type === 'CatchClause') declare(node.param);
  });
  return found;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}
