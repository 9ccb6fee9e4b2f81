import { parse, stringify } from 'devalue';

/**
 * What crosses the border between grader and student, as a line of text each. Only plain values do, and errors: a
 * function or an object of a class of the student's would be code of the student's in the grader's hands (an object with
 * an `asymmetricMatch` of its own is equal to everything).
 */
export type ToStudent =
  | {
      readonly kind: 'open';
      /** Without types. */
      readonly sources: Readonly<Record<string, string>>;
      /** What the student wrote, and takes the place of the same file there. */
      readonly written: Readonly<Record<string, string>>;
      /** Which of these has the function. */
      readonly own: string;
    }
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
export const LONGEST = 1024 ** 2;

/** The most characters of an error's message or stack. */
const LONGEST_ERROR = 4096;

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

/** The message of a line. @throws {Error} if it is none */
export function decode<Message>(line: string): Message {
  const message = parse(line, {
    Buffer: (base64) => Buffer.from(String(base64), 'base64'),
    Error: (error) => errorOf(error),
  });
  assertMessage(message);
  return message as Message;
}

function plainError(error: Error) {
  const { name, message, stack } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { name, message, stack, ...(code !== undefined && { code }) };
}

function errorOf({ name, message, stack, code }: Record<string, unknown>): Error {
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, LONGEST_ERROR) : '');
  const error = new (BUILTIN.get(name) ?? Error)(text(message));
  for (const [key, value] of Object.entries({ name, stack, code })) {
    if (typeof value === 'string') Object.defineProperty(error, key, { value: text(value), configurable: true });
  }
  return error;
}

/** What each kind of message has. */
const PARTS: Readonly<Record<string, Readonly<Record<string, (value: unknown) => boolean>>>> = {
  open: { sources: isObject, written: isObject, own: isText },
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
