/** A word of a template: text between actions, or part of one. */
export interface Token {
  readonly kind: 'text' | 'field' | 'variable' | 'word' | 'number' | 'string' | 'sign' | 'close' | 'end of file';
  /** As it was written; of text, what is left of it when white space was trimmed. */
  readonly text: string;
  /** Characters before it. */
  readonly at: number;
  /** Does white space stand before it? */
  readonly spaced: boolean;
}

/** Why a template can't be read, as Go says it: `template: :1: unclosed action`. */
export class SyntaxFault extends Error {
  override readonly name = 'SyntaxFault';

  constructor(template: string, at: number, why: string) {
    super(`template: :${template.slice(0, at).split('\n').length}: ${why}`);
  }
}

/** Text up to an action, whose brackets may trim white space, or are those of a comment. */
const OPENING = /\{\{(-(?=\s))?(\s*\/\*)?/g;
const CLOSING = /(\s-)?\}\}/y;
const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.[^']*)'/y],
  ['number', /[+-]?(?:0x[\da-f_]+|\d[\d_]*\.?\d*(?:e[+-]?\d+)?|\.\d+)/iy],
  ['field', /\.[\p{L}_][\p{L}\d_]*/uy],
  ['variable', /\$[\p{L}\d_]*/uy],
  ['word', /[\p{L}_][\p{L}\d_]*/uy],
  ['sign', /:=|[.|(),=]/y],
];

/**
 * Takes a template apart.
 *
 * @throws {SyntaxFault} with Go's words
 * @see {@link https://pkg.go.dev/text/template#hdr-Text_and_spaces | text/template}
 */
export function tokensOf(template: string): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  let trims = false;
  for (const { index, 0: opening, 1: dash, 2: comment } of template.matchAll(OPENING)) {
    if (index < from) continue; // braces in what a template's string says
    addText(template.slice(from, index), from, trims, dash !== undefined);
    const inside = index + opening.length;
    [from, trims] = comment === undefined ? action(inside) : commentTo(index, inside);
  }
  addText(template.slice(from), from, trims, false);
  return [...tokens, { kind: 'end of file', text: '', at: template.length, spaced: false }];

  function addText(all: string, at: number, start: boolean, end: boolean) {
    const trimmed = start ? all.trimStart() : all;
    const text = end ? trimmed.trimEnd() : trimmed;
    if (text !== '') tokens.push({ kind: 'text', text, at, spaced: false });
  }

  /** @returns where the text goes on, and whether its white space is trimmed */
  function action(start: number): [number, boolean] {
    for (let at = start, spaced = false; ; ) {
      const closing = match(CLOSING, at);
      if (closing !== undefined) {
        tokens.push({ kind: 'close', text: closing, at, spaced });
        return [at + closing.length, closing.length > 2];
      }
      const space = match(/\s+/y, at)?.length ?? 0;
      if (space > 0) {
        at += match(CLOSING, at + space - 1) === undefined ? space : space - 1; // one of them belongs to a dash
        spaced = true;
        continue;
      }
      const token = tokenAt(at, spaced);
      tokens.push(token);
      at += token.text.length;
      spaced = false;
    }
  }

  function tokenAt(at: number, spaced: boolean): Token {
    if (at >= template.length) throw new SyntaxFault(template, at, 'unclosed action');
    for (const [kind, pattern] of PATTERNS) {
      const text = match(pattern, at);
      if (text !== undefined) return { kind, text, at, spaced };
    }
    throw new SyntaxFault(template, at, whyNot(template, at));
  }

  function commentTo(at: number, inside: number): [number, boolean] {
    const end = template.indexOf('*/', inside);
    if (end === -1) throw new SyntaxFault(template, at, 'unclosed comment');
    const closing = match(/(\s+-)?\}\}/y, end + 2);
    if (closing === undefined) throw new SyntaxFault(template, at, 'comment ends before closing delimiter');
    return [end + 2 + closing.length, closing.length > 2];
  }

  function match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(template)?.[0];
  }
}

function whyNot(template: string, at: number): string {
  const letter = String.fromCodePoint(template.codePointAt(at) ?? 0);
  if (letter === '"') return 'unterminated quoted string';
  if (letter === '`') return 'unterminated raw quoted string';
  if (letter === "'") {
    const [all] = /^'(?:[^'\\\n]|\\.)*'/.exec(template.slice(at)) ?? [];
    return all === undefined ? 'unterminated character constant' : `malformed character constant: ${all}`;
  }
  const number = (template.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `unrecognized character in action: U+${number} '${letter}'`;
}
