import { readFileSync } from 'node:fs';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Step } from '../../step/step.ts';
import { shown } from '../../step/workspace.ts';
import { duration, moment, share } from './units.ts';

const late = z.strictObject({
  /** So much is nobody's fault. */
  grace: duration.default(0),
  /** For each of these that has begun… */
  each: duration
    .refine((length) => length > 0, { error: 'expected a length of time above 0, such as "1 day"' })
    .default(86_400_000),
  /** …so much is taken away, of the points that were reached. */
  costs: share,
  /** No more than this in all. */
  most: share.optional(),
  /** After this, there are no points. */
  until: duration.optional(),
});

/** From when students see a task: a time, or when Gradescope does what it does. */
const hidden = z.union([z.enum(['due', 'published']), moment]);

const task = z.strictObject({
  /** What it is worth here. */
  points: z.number().positive().optional(),
  /** The same for its groups, by their names. */
  groups: z.record(z.string(), z.number().nonnegative()).optional(),
  /** Extra credit: it adds to the score, and not to what can be reached. */
  extra: z.boolean().default(false),
  /** Fewer points than this are none. */
  least: share.optional(),
  hidden: hidden.optional(),
});

const attempts = z.enum(['last', 'best']);

const stepRules = z.strictObject({
  /** How much it counts in the course, compared with the other steps: 1 by default. */
  weight: z.number().nonnegative().optional(),
  due: moment.optional(),
  late: late.optional(),
  attempts: attempts.optional(),
  /** So much, and it is passed. */
  passes: share.optional(),
  hidden: hidden.optional(),
  tasks: z.record(z.string(), task).default({}),
});

const classFile = z.strictObject({
  timezone: z
    .string()
    .refine(isZone, { error: ({ input }) => `there is no time zone ${JSON.stringify(input)}` })
    .default('UTC'),
  late: late.optional(),
  attempts: attempts.default('last'),
  steps: z.record(z.string(), stepRules).default({}),
  extensions: z
    .array(
      z.strictObject({ student: z.string(), step: z.number().optional(), until: moment, why: z.string().default('') }),
    )
    .default([]),
  overrides: z
    .array(
      z.strictObject({
        student: z.string(),
        step: z.number(),
        task: z.number().optional(),
        points: z.number().nonnegative(),
        by: z.string().min(1),
        why: z.string().min(1),
      }),
    )
    .default([]),
});

/** What an instructor has written down about a class. */
export type ClassFile = z.output<typeof classFile>;
export type Late = z.output<typeof late>;
export type Override = ClassFile['overrides'][number];

/** Rules that change nothing. */
export const NO_RULES: ClassFile = classFile.parse({});

/** The rules of one step. */
export interface Rules extends Omit<ClassFile, 'steps' | 'late'> {
  readonly weight?: number | undefined;
  readonly due?: string | undefined;
  readonly late?: Late | undefined;
  readonly passes?: z.output<typeof share> | undefined;
  readonly hidden?: string | undefined;
  readonly tasks: Readonly<Record<string, z.output<typeof task>>>;
}

/**
 * Reads a class.yml.
 *
 * @throws {Error} with each thing that is wrong in it, and its line
 */
export function readClassFile(path: string, step: Step): ClassFile {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => `${shown(path)}, line ${lines.linePos(offset).line}`;
  const broken = document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message.split('\n', 1)}`);
  if (broken.length > 0) throw new Error(broken.join('\n'));
  const read = classFile.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  const wrong = read.success ? unknown(read.data, step) : read.error.issues.map(wrongOf);
  if (!read.success || wrong.length > 0) {
    const told = wrong.map(({ path, message }) => ({
      offset: offsetOf(document, path),
      text: `${dotted(path)}${message}`,
    }));
    told.sort((a, b) => a.offset - b.offset);
    throw new Error(told.map(({ offset, text }) => `${at(offset)}: ${text}`).join('\n'));
  }
  return read.data;
}

interface Wrong {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A key that isn't known stands where it is written, not where it would belong. */
function wrongOf(issue: z.core.$ZodIssue): Wrong {
  const { path, message } = issue;
  return { path: issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path, message };
}

/** Tasks and groups that the step hasn't got. */
function unknown({ steps, overrides }: ClassFile, step: Step): Wrong[] {
  const wrong: Wrong[] = [];
  const names = Object.keys(steps).filter((name) => !/^(step-)?\d+$/.test(name));
  for (const name of names) wrong.push({ path: ['steps', name], message: `expected the number of a step, such as 3` });
  for (const name of namesOf(step)) {
    for (const [number, { groups = {} }] of Object.entries(steps[name]?.tasks ?? {})) {
      const path = ['steps', name, 'tasks', number];
      const found = step.tasks.find((one) => String(one.number) === number);
      if (!found) wrong.push({ path, message: `${step.name} has no such task` });
      for (const group of Object.keys(groups)) {
        if (!found || found.groups.some((one) => one.name === group)) continue;
        const there = found.groups.map((one) => JSON.stringify(one.name)).join(', ');
        wrong.push({
          path: [...path, 'groups', group],
          message: `task ${number} has no such group: it has ${there || 'none'}`,
        });
      }
    }
  }
  for (const [at, { step: number, task }] of overrides.entries()) {
    if (number !== step.number || task === undefined || step.tasks.some((one) => one.number === task)) continue;
    wrong.push({ path: ['overrides', at, 'task'], message: `${step.name} has no task ${task}` });
  }
  return wrong;
}

function namesOf(step: Step): string[] {
  return [String(step.number), String(step.number).padStart(2, '0'), step.name];
}

/** What holds for one step: its own, and where it says nothing, the class's. */
export function rulesOf({ steps, ...rest }: ClassFile, step: Step): Rules {
  const name = namesOf(step).find((one) => Object.hasOwn(steps, one));
  const own = name === undefined ? { tasks: {} } : (steps[name] ?? { tasks: {} });
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...rest, ...given } as Rules;
}

/** A message for each student whom a step's extensions and overrides name, but who isn't in the class. */
export function unknownStudents({ extensions, overrides }: ClassFile, step: number, ids: readonly string[]): string[] {
  const known = new Set(ids.map((id) => id.toLowerCase()));
  const named = (what: string, all: readonly { student: string; step?: number | undefined }[]) =>
    all
      .filter((one) => (one.step ?? step) === step && !known.has(one.student.toLowerCase()))
      .map(({ student }) => `class.yml: ${what}: nobody in the class is ${JSON.stringify(student)}`);
  return [...named('extensions', extensions), ...named('overrides', overrides)];
}

/** Where a value stands; the nearest thing around it, if it isn't there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const key = path.slice(0, length).map((part) => (typeof part === 'symbol' ? String(part) : part));
    const found = [key, key.map(numeric)].map((one) => document.getIn(one, true)).find(isNode);
    if (found?.range) return found.range[0];
  }
  return 0;
}

/** YAML's key 3 is a number. */
function numeric(part: string | number): string | number {
  return typeof part === 'string' && /^\d+$/.test(part) ? Number(part) : part;
}

function dotted(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${path.join('.')}: `;
}

function isZone(name: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
