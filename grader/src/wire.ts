import { parse, stringify } from 'devalue';

/**
 * What crosses the border between grader and student, as a line of text each. Only plain values do, and errors: a
 * function or an object of a class of the student's would be code of the student's in the grader's hands (an object with
 * an `asymmetricMatch` of its own is equal to everything).
 */
export type ToStudent =
  | { readonly kind: 'open'; readonly sources: Readonly<Record<string, string>>; readonly own: string }
  | { readonly kind: 'call'; readonly function: string; readonly args: readonly unknown[] }
  | Answer;

export type ToGrader =
  | { readonly kind: 'opened' }
  /** The student's code calls a function that is another task: the reference answers. */
  | { readonly kind: 'reference'; readonly file: string; readonly function: string; readonly args: readonly unknown[] }
  | Answer;

export type Answer =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: Error };

/** The most characters of one message. */
export const LONGEST = 8 * 1024 ** 2;

/** The most values, elements of arrays among them, that one message may hold. */
const MOST = 1_000_000;

const BUILTIN = new Map<unknown, ErrorConstructor>(
  [RangeError, SyntaxError, TypeError, ReferenceError].map((kind) => [kind.name, kind]),
);

/** A message as one line. @throws {Error} that names the place of what is no plain value */
export function encode(message: ToStudent | ToGrader): string {
  const text = stringify(message, {
    Buffer: (value) => Buffer.isBuffer(value) && value.toString('base64'),
    Error: (value) => value instanceof Error && plainError(value),
  });
  if (text.length > LONGEST) throw new Error(`a value of more than ${LONGEST / 1024 ** 2} MiB`);
  return text;
}

/** The message of a line; what it says is not to be trusted. @throws {Error} if it is none */
export function decode<Message>(line: string): Message {
  const message = parse(line, {
    Buffer: (base64) => Buffer.from(String(base64), 'base64'),
    Error: (error) => errorOf(error),
  });
  assertMessage(message);
  assertSmall(message);
  return message as Message;
}

function plainError(error: Error) {
  const { name, message, stack } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { name, message, stack, ...(code !== undefined && { code }) };
}

function errorOf({ name, message, stack, code }: Record<string, unknown>): Error {
  const error = new (BUILTIN.get(name) ?? Error)(typeof message === 'string' ? message : '');
  for (const [key, value] of Object.entries({ name, stack, code })) {
    if (typeof value === 'string') Object.defineProperty(error, key, { value, configurable: true });
  }
  return error;
}

/** What each kind of message has. */
const PARTS: Readonly<Record<string, Readonly<Record<string, (value: unknown) => boolean>>>> = {
  open: { sources: isObject, own: isText },
  opened: {},
  call: { function: isText, args: Array.isArray },
  reference: { file: isText, function: isText, args: Array.isArray },
  returned: {},
  threw: { error: (value) => value instanceof Error },
};

function assertMessage(message: unknown): void {
  const { kind, ...rest } = Object(message) as Record<string, unknown>;
  const parts = typeof kind === 'string' && Object.hasOwn(PARTS, kind) ? PARTS[kind] : undefined;
  if (!parts || !Object.entries(parts).every(([name, is]) => is(rest[name]))) throw new Error('this is no message');
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** An array may say that it is four billion long and hold nothing: whoever compares it never ends. */
function assertSmall(message: unknown): void {
  const seen = new Set<unknown>();
  let count = 0;
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    count += Array.isArray(value) ? value.length : 1;
    if (count > MOST) throw new Error(`more than ${MOST} values`);
    if (ArrayBuffer.isView(value)) return;
    for (const one of value instanceof Map || value instanceof Set ? value : Object.values(value)) look(one);
  };
  look(message);
}
