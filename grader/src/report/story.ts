import { inspect, stripVTControlCharacters } from 'node:util';
import type { TestCase } from 'vitest/node';
import type { Task } from '../step/step.ts';
import type { Ran } from '../trusted/student.ts';

/** A failure as a student can use it. All texts are for reading: some come from the student's own code. */
export interface Story {
  /** The sentence that isn't true. */
  readonly test: string;
  /** The call of the student's function that came before: `ramInBytes('64m', '--memory')`. */
  readonly run?: string;
  readonly expected?: string;
  readonly came?: string;
  /** What that usually means, or what to do. */
  readonly cause: string;
  /** Was the task never begun? */
  readonly todo: boolean;
  /** Did the function give an answer, or refuse in words of its own; and not fail in some other way? */
  readonly answered: boolean;
}

/** A text that does nothing to a terminal or an XML file: of a student's own words, only the letters are told. */
export function letters(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\P{C}\n\t]/gu, '\ufffd');
}

/** The most characters of a text in a story. */
const LONGEST = 2000;

/** What Node's --permission, or the filter of system calls, says when it refuses: what was tried. */
const REFUSED: readonly [RegExp, string][] = [
  [/--allow-fs-read/, 'read a file'],
  [/--allow-fs-write/, 'write a file'],
  [/--allow-child-process/, 'start a program'],
  [/--allow-worker/, 'start a thread'],
  [/--allow-net/, 'use the network'],
  [/--allow-addons|process\.binding|loading addons is disabled/, 'load native code'],
  [/--allow-(?:wasi|inspector|ffi)/, 'leave its process'],
  [/\bkill EPERM\b/, 'send a signal to a process'],
];

/** Tells a failed test: what was run, what was expected, what came, and the likely cause. */
export function storyOf(test: TestCase, task: Task): Story {
  const entries = Object.entries(told(test, task));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? letters(value.slice(0, LONGEST)) : value]),
  ) as unknown as Story;
}

function told(test: TestCase, task: Task): Story {
  const [error] = test.result().errors ?? [];
  const { ran } = test.meta();
  const {
    message = '',
    expected,
    actual,
  } = (error ?? {}) as { message?: string; expected?: unknown; actual?: unknown };
  const base = {
    test: titleOf(test),
    todo: ran?.how === 'todo',
    answered: answered(ran),
    ...(ran && { run: ran.call }),
  };
  if (ran?.how === 'todo') return { ...base, cause: `not written yet: ${ran.came.replace('Todo: ', '')}` };
  if (ran?.how === 'ended') return { ...base, cause: ran.came.replace('Ended: ', '') };
  const tried = ran?.how === 'threw' && REFUSED.find(([says]) => says.test(ran.came))?.[1];
  if (tried) return { ...base, came: ran.came, cause: `it tried to ${tried}: a task only computes, and may not` };
  const [line = ''] = message.split('\n');
  const missed = line.endsWith('to throw an error'); // and nothing was thrown
  const both = !missed && expected !== undefined && actual !== undefined;
  const wanted = both ? { expected: easier(expected) } : missed ? { expected: 'an error' } : {};
  const [first = ''] = 'expected' in wanted ? line.split(/(?<=.): expected /, 1) : [line]; // it is told already
  if (ran?.how === 'threw') {
    const place =
      ran.at === undefined ? 'the error is one of your code' : `the error comes from ${task.file}, ${ran.at}`;
    const cause = both && first !== line ? `${first}; ${place}` : place;
    return { ...base, ...wanted, came: `${ran.came} (thrown)`, cause };
  }
  const nothing = `the function returned nothing: is there a "return" in ${task.file}?`;
  const came = both ? actual : ran?.came;
  return {
    ...base,
    ...wanted,
    ...(came !== undefined && { came: easier(came) }),
    cause: ran?.came === 'undefined' ? nothing : first,
  };
}

/**
 * A value as vitest gives it, which is a text for most matchers. Within it, texts that hold double quotes get single
 * ones, as Node has it: `'chdir("/")'`.
 */
function easier(value: unknown): string {
  const text = typeof value === 'string' ? value : inspect(value);
  return text.replaceAll(/"((?:[^"\\]|\\.)*)"/g, (quoted, inner: string) =>
    inner.includes('\\"') && !inner.includes("'") ? `'${inner.replaceAll('\\"', '"')}'` : quoted,
  );
}

/** Nobody throws these on purpose. */
const SLIPS = /^(?:SyntaxError|ReferenceError|TypeError: there is no exported function)/;

function answered(ran: Ran | undefined): boolean {
  return ran?.how === 'returned' || (ran?.how === 'threw' && !SLIPS.test(ran.came));
}

/** A test's sentence, without the task that it belongs to. */
export function titleOf(test: TestCase): string {
  return test.fullName.replaceAll(/(?:^|> )task \d+ > /g, '');
}
