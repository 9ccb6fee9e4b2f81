import type { Call } from '../shared-native/src/call.ts';
import { chdir, mount, pivotRoot, umount2 } from '../shared-native/src/calls.ts';
import { asText } from '../shared-native/src/explain.ts';
import {
  CLONE_NEWNS,
  CLONE_NEWPID,
  MNT_DETACH,
  MS_BIND,
  MS_PRIVATE,
  MS_REC,
} from '../shared-native/src/kernel/constants.ts';
import {
  type After,
  type Cgroup,
  executable,
  type Found,
  leadsTo,
  type Machine,
  machine,
  type RunOptions,
  runIn,
  type State,
  type Tree,
  visibleMounts,
  wayTo,
} from '../shared-native/src/model/index.ts';
import { inModel, type Modelled } from '../steps/01-namespaces/src/engine/in-model.ts';
import { type Plan, STAGES, type Stage } from '../steps/01-namespaces/src/engine/plan.ts';
import type { Hierarchy } from '../steps/01-namespaces/src/hierarchies.ts';

// Homework's plans are judged by what they do: they are made in the model of the kernel, on machines that differ, and the
// tests look at the state that they end in.

/** A file of the host's that no container may see. */
export const SECRET = '/etc/shadow';

/** A root filesystem as images have it, at a place of the host's. `more` is what differs, by paths within. */
export function image(rootfs: string, more: Tree = {}): Tree {
  const usual: Tree = { '/bin/sh': executable, '/etc/hostname': 'image', [SECRET]: 'image', '/tmp/.keep': '' };
  return Object.fromEntries(Object.entries({ ...usual, ...more }).map(([path, what]) => [rootfs + path, what]));
}

/** A machine, and a process on it: with `inside`, one whose root that directory is, and that has a /proc there. */
export function machineFor({ inside, ...on }: Machine & { readonly inside?: string }): State {
  const state = machine({ clone: CLONE_NEWNS | CLONE_NEWPID, ...on });
  if (inside === undefined) return state;
  const proc = mount('proc', '/proc', 'proc', 0);
  const enter = [
    mount(null, '/', null, MS_REC | MS_PRIVATE),
    mount(inside, inside, null, MS_BIND | MS_REC),
    chdir(inside),
  ];
  return runIn(state, [...enter, pivotRoot('.', '.'), umount2('.', MNT_DETACH), chdir('/'), proc]).state;
}

/** cgroup v2 alone, as most machines have it. */
export const V2: Hierarchy[] = [hierarchy(2, '/sys/fs/cgroup', ['cpuset', 'cpu', 'io', 'memory', 'pids'])];

/** cgroup v1: a hierarchy for each controller. */
export const V1: Hierarchy[] = ['cpu', 'cpuacct', 'cpuset', 'memory', 'freezer', 'blkio', 'pids'].map((controller) =>
  hierarchy(1, `/sys/fs/cgroup/${controller}`, [controller]),
);

function hierarchy(version: 1 | 2, mount: string, controllers: string[]): Hierarchy {
  return { version, mount, parent: `${mount}/boxstep`, controllers, readOnly: false };
}

/** What a plan comes to on a machine; with a stage, up to the end of that. `options` make calls fail. */
export function made(plan: Plan, on: Machine | State, through?: Stage, options: RunOptions = {}): Modelled {
  return inModel(through ? upTo(plan, through) : plan, on, options);
}

function upTo(plan: Plan, last: Stage): Plan {
  const kept = STAGES.slice(0, STAGES.indexOf(last) + 1);
  const program = Object.fromEntries(
    STAGES.map((stage) => [stage, kept.includes(stage) ? plan.program[stage] : []]),
  ) as unknown as Plan['program'];
  return { ...plan, program };
}

/** What stopped a plan or a program, in the words that a story tells: `pivot_root(".", "."): EINVAL`. */
export function stopped(what: Modelled | After): string | undefined {
  if ('deeds' in what) {
    const failed = what.deeds.find(({ error }) => error);
    if (failed) return `${JSON.stringify(failed.deed)}: ${failed.error}`;
    return what.after ? stopped(what.after) : undefined;
  }
  const { failed, end, answers } = what;
  if (failed) return `${asText(failed.call)}: ${failed.error ?? failed.result}`;
  const last = answers.at(-1);
  if (end === 'done' && last?.call.name === 'execve')
    return `${asText(last.call)}: ${last.error}: no program is left to try`;
  return end === 'done' || end === 'executed' ? undefined : `the process is ${end}`;
}

/** Where a path leads, as far as it can be looked at; an error's name where it leads nowhere. */
export function at(state: State, path: string): Partial<Found> & { readonly error?: string } {
  const found = leadsTo(state, path);
  return typeof found === 'string' ? { error: found } : found;
}

/** How a process could get at the host's files; `undefined` where it can't. */
export function wayOut(state: State): string | undefined {
  const from = wayTo(state, SECRET);
  if (from !== undefined) return `from ${from} to the host's ${SECRET}`;
  const host = visibleMounts(state).find(
    ({ filesystem, root }) => filesystem.type === 'ext4' && root === filesystem.root,
  );
  return host && "the host's root is still mounted in sight";
}

/** A container's cgroup in the hierarchy that has a controller. */
export function cgroupOf(state: State, controller: string, name: string): Cgroup | undefined {
  const all = state.hierarchies.filter(({ controllers }) => controllers.includes(controller));
  return all.map(({ root }) => root.children.get('boxstep')?.children.get(name)).find(Boolean);
}

/**
 * The calls whose failure a program steps over, though what they are for isn't there then. Each call is made to fail in
 * turn; the program has to stop, or to come to the same end.
 *
 * @param run - makes the program, with calls that fail
 * @param isRight - did it come to the end that it should?
 */
export function steppedOver(
  calls: readonly Call[],
  run: (options: RunOptions) => Modelled | After,
  isRight: (state: State) => void,
): string[] {
  return calls.flatMap((call, index) => {
    const made = run({ fail: (_, nth) => (nth === index ? 'EIO' : undefined) });
    return stopped(made) !== undefined || holds(() => isRight(made.state)) ? [] : [asText(call)];
  });
}

/** Do the assertions in it hold? */
function holds(assert: () => void): boolean {
  try {
    assert();
    return true;
  } catch {
    return false;
  }
}
