import { SyntaxFault, type Token, tokensOf } from './tokens.ts';

/** A piece of a template. */
export type Node =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly pipe: Pipe }
  | Branch
  | Reference
  | { readonly type: 'define' }
  | { readonly type: 'break' | 'continue' };

/** `template`, or `block`: what another template makes of a value. */
export interface Reference {
  readonly type: 'template';
  readonly name: string;
  readonly pipe: Pipe | undefined;
  /** All that the text defines, when it has been read. */
  readonly defined: ReadonlyMap<string, readonly Node[]>;
  readonly place: Place;
}

/** `if`, `with` or `range`, with what comes before its `end`. */
export interface Branch {
  readonly type: 'if' | 'with' | 'range';
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** Commands, each of which gets what the one before answers as its last argument. */
export interface Pipe extends Place {
  readonly kind: 'pipe';
  /** The variables that get its value. */
  readonly variables: readonly string[];
  /** Are they new? */
  readonly declares: boolean;
  readonly commands: readonly Command[];
}

/** A function, a method or a value, with arguments. */
export interface Command extends Place {
  readonly operands: readonly Operand[];
}

/** A value, or the name of one; and the fields of it that are meant. */
export type Operand = Place & { readonly fields: readonly string[] } & (
    | { readonly kind: 'dot' }
    | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
    | { readonly kind: 'variable' | 'function'; readonly name: string }
    | { readonly kind: 'parentheses'; readonly pipe: Pipe }
  );

/** Where something stands in a template, and what stands there: for messages. */
interface Place {
  readonly at: number;
  readonly text: string;
}

const KEYWORDS = ['if', 'with', 'range', 'else', 'end', 'break', 'continue', 'define', 'template', 'block'];

/**
 * Reads a template.
 *
 * @param functions - the names that it may call
 * @throws {SyntaxFault} with Go's words, if it is none
 */
export function parse(template: string, functions: readonly string[]): readonly Node[] {
  const tokens = tokensOf(template);
  let next = 0;
  let variables = ['$'];
  let ranges = 0;
  let depth = 0;
  const defined = new Map<string, readonly Node[]>();
  const nodes = list();
  const last = peek();
  if (last.kind !== 'end of file') throw fault(last, `unexpected {{${last.text}}}`);
  return nodes;

  /** What comes before an `else` or an `end`, or the end of it all. */
  function list(): Node[] {
    const nodes: Node[] = [];
    for (let token = peek(); token.kind !== 'end of file' && !isWord('else', 'end'); token = peek()) {
      if (token.kind === 'text') nodes.push({ type: 'text', text: take().text });
      else nodes.push(action());
    }
    return nodes;
  }

  function action(): Node {
    const token = peek();
    if (token.kind !== 'word' || !KEYWORDS.includes(token.text)) return { type: 'action', pipe: pipe('command', true) };
    if (isWord('if', 'with', 'range')) return branch(take().text as Branch['type']);
    if (isWord('define')) return define();
    if (isWord('template', 'block')) return reference(take());
    if (ranges === 0) throw fault(token, `{{${token.text}}} outside {{range}}`);
    take();
    close(token.text);
    return { type: token.text as 'break' | 'continue' };
  }

  /** `{{define "name"}}…{{end}}`, which stands in nothing else. */
  function define(): Node {
    const token = take();
    if (depth > 0) throw fault(token, 'unexpected {{define}}');
    const name = nameOf('define clause');
    close('define clause');
    defined.set(name, separate('define clause'));
    return { type: 'define' };
  }

  /** `{{template "name" .}}`, or `{{block "name" .}}…{{end}}`, which defines it as well. */
  function reference({ text: word }: Token): Reference {
    const context = word === 'block' ? 'block clause' : 'template clause';
    const { at } = peek();
    const name = nameOf(context);
    const given = word === 'template' && peek().kind === 'close' ? undefined : pipe(context, true);
    if (given === undefined) close(context);
    const text = `{{${['template', JSON.stringify(name), given?.text].filter(Boolean).join(' ')}}}`;
    if (word === 'block') defined.set(name, separate(context));
    return { type: 'template', name, pipe: given, defined, place: { at, text } };
  }

  /** What is up to an `end`, and sees no variable from outside. */
  function separate(context: string): readonly Node[] {
    const outside = { variables, ranges };
    variables = ['$'];
    ranges = 0;
    const nodes = within(list);
    if (isWord('else')) throw fault(peek(), `unexpected {{else}} in ${context}`);
    if (!isWord('end')) throw fault(peek(), 'unexpected EOF');
    take();
    close('end');
    ({ variables, ranges } = outside);
    return nodes;
  }

  function nameOf(context: string): string {
    const token = take();
    if (token.kind !== 'string' || token.text.startsWith("'"))
      throw fault(token, `unexpected ${quoted(token)} in ${context}`);
    return stringOf(token) as string;
  }

  function within<T>(read: () => T): T {
    depth++;
    const found = read();
    depth--;
    return found;
  }

  function branch(type: Branch['type']): Branch {
    const outside = variables;
    const given = pipe(type, true);
    ranges += Number(type === 'range');
    const body = within(list);
    ranges -= Number(type === 'range');
    const otherwise = isWord('else') ? elseOf(type) : [];
    if (!isWord('end')) throw fault(peek(), 'unexpected EOF');
    take();
    close('end');
    variables = outside;
    return { type, pipe: given, body, otherwise };
  }

  /** `else`, or `else if`, which has no `end` to itself. */
  function elseOf(type: Branch['type']): Node[] {
    take();
    if (isWord('if', 'with') && type !== 'range') {
      const nested = take().text as Branch['type'];
      const outside = variables;
      const given = pipe(nested, true);
      const body = within(list);
      const otherwise = isWord('else') ? elseOf(nested) : [];
      variables = outside;
      return [{ type: nested, pipe: given, body, otherwise }];
    }
    close('else');
    const nodes = within(list);
    if (isWord('else')) throw fault(peek(), 'expected end; found {{else}}');
    return nodes;
  }

  /** @param context - for messages @param isWhole - does the action end with it, or a parenthesis? */
  function pipe(context: string, isWhole: boolean): Pipe {
    const { at } = peek();
    const { names, declares } = declared(context);
    const commands: Command[] = [];
    const isOver = () => (isWhole ? peek().kind === 'close' : peek().text === ')');
    while (!isOver()) {
      if (commands.length > 0) take(); // the bar: a command ends only there, or where all does
      commands.push(command(isWhole));
      if (peek().text === '|' && (tokens[next + 1]?.kind === 'close' || tokens[next + 1]?.text === ')'))
        throw fault(peek(), `missing value for ${context}`);
    }
    const text = template.slice(at, peek().at).trim();
    const end = take();
    if (commands.length === 0) throw fault(end, `missing value for ${context}`);
    const constant = commands.slice(1).findIndex(({ operands: [first] }) => first && !isCallable(first));
    if (constant !== -1) throw fault(end, `non executable command in pipeline stage ${constant + 2}`);
    if (declares) variables = [...variables, ...names];
    return { kind: 'pipe', at, text, variables: names, declares, commands };
  }

  /** `$x :=`, `$x =`, `$key, $value :=`. */
  function declared(context: string): { names: string[]; declares: boolean } {
    const [first, second, third, fourth] = tokens.slice(next, next + 4);
    if (first?.kind !== 'variable') return { names: [], declares: false };
    const isSign = (token?: Token) => token?.kind === 'sign' && (token.text === ':=' || token.text === '=');
    if (isSign(second)) {
      next += 2;
      return { names: [first.text], declares: second?.text === ':=' };
    }
    if (second?.text !== ',' || third?.kind !== 'variable' || !isSign(fourth)) return { names: [], declares: false };
    if (context !== 'range') throw fault(first, `too many declarations in ${context}`);
    next += 4;
    return { names: [first.text, third.text], declares: fourth?.text === ':=' };
  }

  function command(isWhole: boolean): Command {
    const { at } = peek();
    const operands: Operand[] = [];
    for (let token = peek(); token.text !== '|' || token.kind !== 'sign'; token = peek()) {
      if (token.kind === 'close' && isWhole) break;
      if (token.kind === 'sign' && token.text === ')' && !isWhole) break;
      if (token.kind === 'close') throw fault(token, 'unclosed left paren');
      if (token.text === ')') throw fault(token, 'unexpected right paren');
      if (operands.length > 0 && !token.spaced) throw fault(token, `unexpected ${quoted(token)} in operand`);
      operands.push(operand());
    }
    if (operands.length === 0) throw fault(peek(), 'missing value for command');
    const text = template.slice(at, peek().at).trim();
    return { at, text, operands };
  }

  function operand(): Operand {
    const token = take();
    const value = term(token);
    const fields: string[] = value.fields.slice();
    let at = value.at;
    for (; peek().kind === 'field' && !peek().spaced; take()) {
      if (value.kind === 'constant') throw fault(peek(), `unexpected . after term ${JSON.stringify(token.text)}`);
      if (fields.length === 1 && value.kind === 'dot') at = peek().at; // so Go counts
      fields.push(peek().text.slice(1));
    }
    return { ...value, fields, at, text: template.slice(token.at, tokens[next - 1]?.at) + tokens[next - 1]?.text };
  }

  function term(token: Token): Operand {
    const place = { at: token.at, text: token.text, fields: [] };
    if (token.kind === 'field') return { ...place, kind: 'dot', fields: [token.text.slice(1)] };
    if (token.kind === 'sign' && token.text === '.') return { ...place, kind: 'dot' };
    if (token.kind === 'sign' && token.text === '(')
      return { ...place, kind: 'parentheses', pipe: pipe('parenthesized pipeline', false) };
    if (token.kind === 'number') return { ...place, kind: 'constant', value: numberOf(token) };
    if (token.kind === 'string') return { ...place, kind: 'constant', value: stringOf(token) };
    if (token.kind === 'variable') {
      if (!variables.includes(token.text)) throw fault(token, `undefined variable ${JSON.stringify(token.text)}`);
      return { ...place, kind: 'variable', name: token.text };
    }
    if (token.kind !== 'word') throw fault(token, `unexpected ${quoted(token)} in operand`);
    if (KEYWORDS.includes(token.text)) throw fault(token, `unexpected <${token.text}> in operand`);
    if (token.text === 'true' || token.text === 'false')
      return { ...place, kind: 'constant', value: token.text === 'true' };
    if (token.text === 'nil') return { ...place, kind: 'constant', value: null };
    if (!functions.includes(token.text)) throw fault(token, `function ${JSON.stringify(token.text)} not defined`);
    return { ...place, kind: 'function', name: token.text };
  }

  function numberOf(token: Token): number {
    const follows = tokens[next];
    const value = Number(token.text.replaceAll('_', ''));
    if (Number.isNaN(value) || (follows?.kind === 'word' && !follows.spaced))
      throw fault(token, `bad number syntax: ${JSON.stringify(token.text + (follows?.text ?? ''))}`);
    return value;
  }

  function stringOf(token: Token): string | number {
    if (token.text.startsWith('`')) return token.text.slice(1, -1);
    if (token.text.startsWith("'")) return unescaped(token.text.slice(1, -1)).codePointAt(0) ?? 0;
    return unescaped(token.text.slice(1, -1));
  }

  function close(context: string) {
    const token = take();
    if (token.kind !== 'close') throw fault(token, `unexpected ${quoted(token)} in ${context}`);
  }

  function isWord(...words: string[]): boolean {
    const token = peek();
    return token.kind === 'word' && words.includes(token.text);
  }

  function peek(): Token {
    return tokens[next] as Token;
  }

  function take(): Token {
    return tokens[next++] as Token;
  }

  function fault({ at }: Token, why: string): SyntaxFault {
    return new SyntaxFault(template, at, why);
  }
}

function isCallable({ kind, fields }: Operand): boolean {
  return kind === 'function' || fields.length > 0;
}

function quoted({ text }: Token): string {
  return text.length > 10 ? `${JSON.stringify(text.slice(0, 10))}...` : JSON.stringify(text);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

/** What a string of Go's means. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([0-7]{3})|(.))/gi,
    (_, x, u, long, octal, letter) => {
      const number = x ?? u ?? long;
      if (number !== undefined) return String.fromCodePoint(Number.parseInt(number, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return ESCAPES[letter] ?? letter;
    },
  );
}
