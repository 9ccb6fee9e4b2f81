import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importedNames } from './imported-names.ts';

/** Where the course uses a name, and how. */
export interface Use {
  /** From the repository's root. */
  readonly path: string;
  readonly line: number;
  /** The whole call as it is written there; nothing if it isn't called, or too long to be an example. */
  readonly call?: string;
}

/** No example is longer, in characters. */
const MOST = 400;

/** For each name that the steps import, the first place where one uses it; a place where it is called comes first. */
export function firstUses(root: string): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const path of globSync('steps/*/src/**/*.ts', { cwd: root }).sort()) {
    const code = readFileSync(join(root, path), 'utf8');
    const imported = importedNames(code);
    const body = blanked(code);
    for (const { 0: name, index } of body.matchAll(/(?<![\w.'"#])[A-Za-z_]\w*(?!\w)/g)) {
      if (!imported.has(name) || uses.get(name)?.call) continue;
      const call = callAt(code, index, name.length);
      if (uses.has(name) && !call) continue;
      uses.set(name, { path, line: code.slice(0, index).split('\n').length, ...(call && { call }) });
    }
  }
  return uses;
}

/** The same text with blanks for comments and imports, so that each place stays where it is. */
function blanked(code: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ');
  return code.replace(/\/\*.*?\*\/|^\s*\/\/[^\n]*|^import .*?;$/gms, blank);
}

function callAt(code: string, start: number, length: number): string | undefined {
  if (code[start + length] !== '(') return undefined;
  let open = 0;
  for (let at = start + length; at < start + MOST && at < code.length; at++) {
    if (code[at] === '(') open++;
    if (code[at] === ')') open--;
    if (open === 0) return unindented(code.slice(start, at + 1));
  }
  return undefined;
}

/** The later lines of a call stand as deep as the line that ends it does, and no deeper. */
function unindented(call: string): string {
  const depth = /\n( *)[^\n]*$/.exec(call)?.[1] ?? '';
  return call.replaceAll(`\n${depth}`, '\n');
}
