import { asText, type Call, inWords } from 'shared-native';
import { type Action, asShell, type Deed } from '../engine/action.ts';
import { callsByStep, type Namespace, type Part, type Plan, STAGES, type Stage } from '../engine/plan.ts';
import { styled } from './say.ts';

/** What each namespace gives a process of its own, in plain words. */
export const NAMESPACES: Record<Namespace, string> = {
  cgroup: 'its cgroup is the root of all that it sees',
  ipc: 'System V objects, POSIX queues and /dev/shm of its own',
  mnt: 'a mount table of its own (mount_namespaces(7))',
  net: 'interfaces, routes and ports of its own (network_namespaces(7))',
  pid: 'a process tree of its own, in which it is PID 1 (pid_namespaces(7))',
  user: 'users and groups of its own (user_namespaces(7))',
  uts: 'a hostname of its own (uts_namespaces(7))',
};

/** What the process sees or does in each stage. */
export const STAGE_TITLES: Record<Stage, string> = {
  join: 'join: a process goes before, on the host, and enters what is to be shared',
  setup: "setup: the process still sees the host's files",
  enter: "enter: it goes into the container's",
  inside: "inside: it sees the container's files",
  leave: "leave: it lets go of the host's",
  privileges: 'privileges: it gives up what it need not be able to do',
  exec: 'exec: it becomes the command',
};

/** A line of a plan: the step that added it, what is done, what that is in plain words. */
type Line = readonly [step: string, what: string, words: string];

/** A plan as text: everything in the order in which it happens, each line marked with the step that added it. */
export function planText(plan: Plan): string {
  const lines = (of: (part: Part) => (readonly [string, string])[]) =>
    plan.parts.flatMap((part) => of(part).map(([what, words]): Line => [part.step, what, words]));
  const actions = (when: Action['when']) =>
    lines((part) => part.actions.filter((one) => one.when === when).flatMap(doing));
  const stage = (one: Stage) =>
    section(
      STAGE_TITLES[one],
      callsByStep(plan.parts, one).flatMap(([step, calls]) =>
        collapsed(calls).map(([what, words]): Line => [step, what, words]),
      ),
    );
  return [
    section(`${plan.name}: namespaces that the process is born into`, lines(namespaces)),
    section(`${plan.name}: namespaces that it shares`, lines(joined)),
    section('host, before there is a process', actions('before')),
    stage('join'),
    section('host, while the process waits at the gate', actions('adopt')),
    ...STAGES.filter((one) => one !== 'join').map(stage),
    section(
      'host, as soon as the process has opened it',
      lines((part) => part.takes.map((call) => [`pidfd_getfd($pidfd, <${asText(call)}>, 0)`, 'take a copy of it'])),
    ),
    section('host, when the process has ended', lines((part) => part.actions.flatMap(undoing)).toReversed()),
  ].join('');
}

/** A plan as JSON: all of it, as it is. What JSON has no number for (RLIM_INFINITY) is a string. */
export function planJson(plan: Plan): string {
  return `${JSON.stringify(plan, (_, value) => (typeof value === 'bigint' ? String(value) : value), 2)}\n`;
}

function section(title: string, lines: readonly Line[]): string {
  if (lines.length === 0) return '';
  const split = lines.map(([step, what, words]) => [step, words, ...what.split('\n')] as const);
  const width = Math.min(72, Math.max(...split.map(([, , first = '']) => first.length)));
  const rows = split.map(([step, words, first = '', ...document]) => {
    const text = words && `${' '.repeat(Math.max(0, width - first.length))}  ${styled('dim', `# ${words}`)}`;
    return [`  ${styled('cyan', step)}  ${first}${text}`, ...document, ''].join('\n'); // a here-document stays one
  });
  return `${styled('bold', title)}\n${rows.join('')}`;
}

function namespaces(part: Part): [string, string][] {
  return part.namespaces.map((namespace) => [namespace, NAMESPACES[namespace]]);
}

function joined(part: Part): [string, string][] {
  return part.joins.map(({ name, pid, namespaces }) => [namespaces.join(', '), `those of ${name}, process ${pid}`]);
}

function doing(action: Action): [string, string][] {
  return action.do.map((deed, nth) => [asShell(deed), nth === 0 ? action.what : '']);
}

// Listed backwards, since the whole list of undos is turned round: the last action's come first.
function undoing(action: Action): [string, string][] {
  return action.undo.toReversed().map((deed: Deed) => [asShell(deed), '']);
}

/** Calls as text; of several that do the same, such as the 28 that reset a signal each, the first and how many. */
function collapsed(calls: readonly Call[]): [string, string][] {
  const lines: { call: Call; words: string; times: number }[] = [];
  for (const call of calls) {
    const words = inWords(call);
    const same = lines.at(-1);
    if (same?.call.name === call.name && same.words === words) same.times++;
    else lines.push({ call, words, times: 1 });
  }
  return lines.map(({ call, words, times }) => [
    asText(call),
    times === 1 ? words : `${words} (and ${times - 1} like it)`,
  ]);
}
