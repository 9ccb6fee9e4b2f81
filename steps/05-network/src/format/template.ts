/**
 * Fills in a template as docker's `--format` takes it: `{{.Config.Cmd}}`, `{{json .}}`, `{{range .Layers}}…{{end}}`,
 * `{{if .Tag}}…{{else}}…{{end}}`, `{{join .Cmd ","}}`, `{{.Name | upper}}`.
 *
 * @throws {Error} if it can't be read, or names a field that isn't there
 * @see {@link https://docs.docker.com/engine/cli/formatting/ | Format command and log output}
 */
export function fill(template: string, data: unknown): string {
  const pieces = template.split(/\{\{-?\s*((?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^}])*?)\s*-?\}\}/);
  if (pieces.some((piece, at) => at % 2 === 0 && /\{\{|\}\}/.test(piece)))
    throw wrong(template, 'braces without their other half');
  const left = pieces.map((piece, at): Piece => (at % 2 === 0 ? { text: unescaped(piece) } : { action: piece }));
  const filled = block(left, { dot: data, variables: { $: data } }, true);
  if (left.length > 0) throw wrong(template, `{{${left[0]?.action}}} without a beginning`);
  return filled;
}

type Piece = { readonly text: string; readonly action?: undefined } | { readonly action: string };

/** The values that names stand for. */
interface Scope {
  readonly dot: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Fills in what comes before the `end`, or the `else`, that belongs to it, and takes it from the pieces. */
function block(left: Piece[], scope: Scope, shown: boolean): string {
  let out = '';
  for (let piece = left[0]; piece !== undefined; piece = left[0]) {
    if (piece.action === 'end' || piece.action?.startsWith('else')) return out;
    left.shift();
    if (piece.action === undefined) out += 'text' in piece ? piece.text : '';
    else out += control(piece.action, left, scope, shown) ?? (shown ? printed(pipeline(piece.action, scope)) : '');
  }
  return out;
}

/** `if`, `range`, `with`: undefined if it's something else. */
function control(action: string, left: Piece[], scope: Scope, shown: boolean): string | undefined {
  const [, word, rest = ''] = /^(if|range|with)\s+(.*)$/s.exec(action) ?? [];
  if (word === undefined) return undefined;
  if (word === 'range') return range(rest, left, scope, shown);
  const value = shown ? pipeline(rest, scope) : undefined;
  const isTrue = shown && truth(value);
  const inner = block(left, word === 'with' && isTrue ? { ...scope, dot: value } : scope, isTrue);
  return (isTrue ? inner : '') + otherwise(left, scope, shown && !isTrue);
}

/** The `else`, if there is one, and the `end`. */
function otherwise(left: Piece[], scope: Scope, shown: boolean): string {
  const [, condition] = /^else(?:\s+if\s+(.*))?$/s.exec(left[0]?.action ?? '') ?? [];
  const isElse = left[0]?.action?.startsWith('else') ?? false;
  if (left.shift() === undefined) throw new Error('template parsing error: unexpected EOF: an {{end}} is missing');
  if (!isElse) return '';
  if (condition !== undefined) return control(`if ${condition}`, left, scope, shown) ?? '';
  const inner = block(left, scope, shown);
  if (left.shift()?.action !== 'end') throw new Error('template parsing error: unexpected EOF: an {{end}} is missing');
  return shown ? inner : '';
}

function range(rest: string, left: Piece[], scope: Scope, shown: boolean): string {
  const [, one = '', two, source = rest] = /^(\$\w+)(?:\s*,\s*(\$\w+))?\s*:=\s*(.*)$/s.exec(rest) ?? [];
  const pairs = shown ? pairsOf(pipeline(source, scope)) : [];
  const body = [...left];
  let out = '';
  for (const [key, value] of pairs) {
    left.splice(0, left.length, ...body);
    const named = two === undefined ? { [one]: value } : { [one]: key, [two]: value };
    out += block(left, { dot: value, variables: { ...scope.variables, ...named } }, true);
  }
  if (pairs.length === 0) block(left, scope, false);
  return out + otherwise(left, scope, shown && pairs.length === 0);
}

function pairsOf(value: unknown): (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((one, at) => [at, one] as const);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Commands, each of which gets what the one before answered as its last argument. */
function pipeline(text: string, scope: Scope): unknown {
  const words = text.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|[()|]|[^\s()|]+/g) ?? [];
  const value = commands(words, scope);
  if (words.length > 0) throw wrong(text, `unexpected ${JSON.stringify(words[0])}`);
  return value;
}

function commands(words: string[], scope: Scope): unknown {
  let value: readonly unknown[] = [];
  do {
    if (words[0] === '|') words.shift();
    value = [command(words, scope, value)];
  } while (words[0] === '|');
  return value[0];
}

function command(words: string[], scope: Scope, piped: readonly unknown[]): unknown {
  const name = words[0] ?? '';
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (called !== undefined) words.shift();
  const values: unknown[] = [];
  while (words.length > 0 && words[0] !== '|' && words[0] !== ')') values.push(operand(words, scope));
  if (called !== undefined) return called(...([...values, ...piped] as never[]));
  if (values.length + piped.length !== 1)
    throw new Error(`template parsing error: function ${JSON.stringify(name)} not defined`);
  return values[0];
}

function operand(words: string[], scope: Scope): unknown {
  const word = words.shift() as string;
  if (word === '(') {
    const value = commands(words, scope);
    if (words.shift() !== ')') throw new Error('template parsing error: unclosed left paren');
    return value;
  }
  if (word.startsWith('"')) return JSON.parse(word);
  if (word.startsWith('`')) return word.slice(1, -1);
  if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
  if (['true', 'false', 'nil'].includes(word)) return word === 'nil' ? undefined : word === 'true';
  const [, start = '', path = ''] = /^(\$\w*)?((?:\.\w*)*)$/.exec(word) ?? [];
  if (start + path === '') throw new Error(`template parsing error: function ${JSON.stringify(word)} not defined`);
  if (start !== '' && !Object.hasOwn(scope.variables, start))
    throw new Error(`template parsing error: undefined variable "${start}"`);
  const names = path.split('.').filter((name) => name !== '');
  return names.reduce<unknown>(field, start === '' ? scope.dot : scope.variables[start]);
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) throw new Error(`template: can't evaluate field ${name}`);
  if (Object.hasOwn(value, name)) return (value as Record<string, unknown>)[name];
  throw new Error(`template: there is no field ${name}: there are ${Object.keys(value).join(', ')}`);
}

type Values = readonly unknown[];

const FUNCTIONS: Readonly<Record<string, (...values: never[]) => unknown>> = {
  json: (value: unknown) => JSON.stringify(value ?? null),
  join: (values: Values | null, separator: string) => (values ?? []).join(separator),
  split: (text: string, separator: string) => text.split(separator),
  upper: (text: string) => text.toUpperCase(),
  lower: (text: string) => text.toLowerCase(),
  title: (text: string) => text.replace(/\b\w/g, (letter) => letter.toUpperCase()),
  truncate: (text: string, length: number) => text.slice(0, length),
  len: (value: string | Values | object | null) =>
    typeof value === 'string' ? Buffer.byteLength(value) : pairsOf(value).length,
  index: (value: never, ...keys: (string | number)[]) =>
    keys.reduce((one, key) => one?.[key as never] ?? ('' as never), value),
  print: (...values: Values) => values.map(printed).join(''),
  println: (...values: Values) => `${values.map(printed).join(' ')}\n`,
  eq: (value: unknown, ...others: Values) => others.includes(value),
  ne: (value: unknown, other: unknown) => value !== other,
  not: (value: unknown) => !truth(value),
  and: (...values: Values) => values.reduce((one, other) => (truth(one) ? other : one)),
  or: (...values: Values) => values.reduce((one, other) => (truth(one) ? one : other)),
};

/** What isn't empty. */
function truth(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? pairsOf(value).length > 0 : Boolean(value);
}

/** As Go prints it: `[a b]`, `map[a:b]`. */
function printed(value: unknown): string {
  if (value === undefined || value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  return `map[${pairsOf(value)
    .map(([key, one]) => `${key}:${printed(one)}`)
    .join(' ')}]`;
}

/** A backslash and a letter, as people type it into a shell. */
function unescaped(text: string): string {
  return text.replaceAll('\\t', '\t').replaceAll('\\n', '\n');
}

function wrong(template: string, why: string): Error {
  return new Error(`template parsing error: ${JSON.stringify(template)}: ${why}`);
}
