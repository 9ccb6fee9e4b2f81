import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import markdownIt, { type Token } from 'markdown-it';

/** The workspace's folder, without a slash at the end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** What is wrong with a README, and where. */
export interface Problem {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** A fenced code block of a Markdown file. */
export interface Fence {
  readonly file: string;
  /** The line of the opening fence, counted from 1. */
  readonly line: number;
  /** What stands after the opening fence, such as `ts src/plan.ts#the whole container`. */
  readonly info: string;
  /** The lines between the fences, without what indents the block. */
  readonly lines: readonly string[];
  /** The characters of the fence. */
  readonly marker: string;
  /** What indents the block's lines, in a list or a quotation. */
  readonly indent: string;
}

/** `html: true`, as on GitHub: what stands inside <details> is Markdown, too. */
const parser = markdownIt({ html: true });

/** A Markdown file's text. */
export function markdown(file: string): string {
  return readFileSync(file, 'utf8');
}

/** A Markdown file as markdown-it sees it. */
export function parse(file: string): Token[] {
  return parser.parse(markdown(file), {});
}

/** Every fenced block of a Markdown file. */
export function fences(file: string): Fence[] {
  const source = markdown(file).split('\n');
  return parse(file).flatMap(({ type, map, info, content, markup }) => {
    if (type !== 'fence' || !map) return [];
    const opening = source[map[0]] ?? '';
    const indent = opening.slice(0, opening.indexOf(markup)).replace(/[-*+\d.)]/g, ' ');
    const lines = content === '' ? [] : content.replace(/\n$/, '').split('\n');
    return [{ file, line: map[0] + 1, info: info.trim(), lines, marker: markup, indent }];
  });
}

/** Puts other lines between the fences of blocks of a text. */
export function withBodies(text: string, bodies: ReadonlyMap<Fence, readonly string[]>): string {
  const lines = text.split('\n');
  const upwards = [...bodies].sort(([a], [b]) => b.line - a.line);
  for (const [{ line, lines: old, indent, file, marker }, body] of upwards) {
    const early = body.find((one) => one.trimStart().startsWith(marker));
    if (early)
      throw new Error(`${place({ file, line })}: ${JSON.stringify(early)} would end the block: use a longer fence`);
    lines.splice(line, old.length, ...body.map((one) => (indent + one).trimEnd()));
  }
  return lines.join('\n');
}

/** A place in a file as people and editors read it: `steps/01-namespaces/README.md:42`. */
export function place({ file, line }: Pick<Problem, 'file' | 'line'>): string {
  const path = relative(ROOT, file);
  return `${path.startsWith('..') ? file : path}:${line}`;
}

/** A problem as one text. */
export function told(problem: Problem): string {
  return `${place(problem)}: ${problem.message}`;
}
