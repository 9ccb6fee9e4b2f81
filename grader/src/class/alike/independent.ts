import { isDeepStrictEqual } from 'node:util';
import type { Call } from 'shared-native';
import * as native from 'shared-native';
import { directory, identity, leadsTo, machine, model, mountinfo, type State } from 'shared-native/model';
import type { Node } from '../../step/syntax.ts';

/** By the names that a source calls them: those of system calls, so that nothing else is run. */
const CONSTRUCTORS = new Map(
  Object.keys(native.SYSCALL_NUMBERS).flatMap((name) => {
    const camel = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const make = (native as Record<string, unknown>)[camel];
    return typeof make === 'function' ? [[camel, make as (...args: unknown[]) => Call] as const] : [];
  }),
);

/** Calls around calls. */
const AROUND = new Map<string, (...args: never[]) => Call>([['tolerate', native.tolerate]]);

/** What a source says without being run; what it doesn't know stands for itself, as a path. */
function value(node: Node): unknown {
  const parts = (key: string) => node[key] as Node[];
  switch (node.type) {
    case 'Literal':
      return node.value;
    case 'TemplateLiteral': {
      const texts = parts('quasis').map((quasi) => (quasi.value as unknown as { cooked: string }).cooked);
      const inner = parts('expressions').map((one) => String(value(one)));
      return texts.map((text, at) => text + (inner[at] ?? '')).join('');
    }
    case 'Identifier': {
      const found = (native as Record<string, unknown>)[String(node.name)];
      return typeof found === 'number' || typeof found === 'bigint' ? found : `/made/${String(node.name)}`;
    }
    case 'BinaryExpression': {
      const [left, right] = [value(node.left as Node), value(node.right as Node)];
      if (node.operator === '|' && typeof left === 'number' && typeof right === 'number') return left | right;
      break;
    }
    case 'CallExpression':
      return callOf(node);
  }
  throw new Error(`only ${node.type} knows`);
}

/** The call that an element of a list is, with made-up paths for what isn't known; undefined if it can't be told. */
export function callOf(node: Node): Call | undefined {
  const { callee, arguments: args } = node as unknown as { callee: Node; arguments: Node[] };
  if (node.type !== 'CallExpression' || callee.type !== 'Identifier') return undefined;
  const name = String(callee.name);
  const make = CONSTRUCTORS.get(name) ?? AROUND.get(name);
  try {
    return make?.(...(args.map(value) as never[]));
  } catch {
    return undefined;
  }
}

/**
 * Does it make no difference which of two calls comes first? The model of the kernel makes them in both orders, where the
 * paths that they name are there and where they aren't. What can't be tried is taken to depend.
 */
export function independent(one: Call, other: Call): boolean {
  const key = [one, other].map((call) => native.asStrace(call)).join('\n');
  const known = answers.get(key) ?? tried(one, other);
  answers.set(key, known);
  return known;
}

/** A class makes the same calls over and over. */
const answers = new Map<string, boolean>();

function tried(one: Call, other: Call): boolean {
  const paths = [...new Set([one, other].flatMap(pathsOf))];
  const there = Object.fromEntries(paths.filter((path) => path.startsWith('/made')).map((path) => [path, directory()]));
  const sides = [there, { '/made': directory() }].map((tree) => {
    try {
      const state = machine({ tree });
      const made = (calls: readonly Call[]) => outcome(state, calls, [one, other], paths);
      return [made([one, other]), made([other, one])] as const;
    } catch {
      return undefined; // the model doesn't know one of them
    }
  });
  const went = sides.filter((both) => both?.some((side) => side.done));
  return went.length > 0 && went.every((both) => both && isDeepStrictEqual(both[0], both[1]));
}

function pathsOf({ args }: Call): string[] {
  const texts = Object.values(args).map((argument) => (argument as { value?: unknown }).value);
  return texts.filter((text) => typeof text === 'string');
}

/** What both came to, and all that is seen afterwards; the numbers of mounts and peer groups only count, and stay away. */
function outcome(initial: State, calls: readonly Call[], both: readonly Call[], paths: readonly string[]) {
  const { end, answers, state } = model(initial).run(calls);
  const results = new Map(answers.map(({ call, result }) => [call, result]));
  const { process } = state;
  const seen = (path: string) => {
    const found = leadsTo(state, path);
    if (typeof found === 'string') return found;
    const { inode: _, ...rest } = found;
    return rest;
  };
  return {
    done: end === 'done',
    results: both.map((call) => results.get(call)),
    mounts: mountinfo(state)
      .split('\n')
      .map((line) =>
        line
          .split(' ')
          .slice(3)
          .join(' ')
          .replaceAll(/(shared|master):\d+/g, '$1'),
      )
      .sort(),
    paths: Object.fromEntries(paths.map((path) => [path, seen(path)])),
    places: [seen('.'), seen('/'), seen('..')],
    identity: identity(state),
    plain: Object.entries(process).filter(([, each]) => typeof each !== 'object'),
    hostname: Object.entries(process.namespaces.uts).filter(([, each]) => typeof each === 'string'),
    limits: [...process.limits].sort(([a], [b]) => a - b),
    descriptors: [...process.descriptors.keys()].sort(),
  };
}
