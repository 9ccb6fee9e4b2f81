import * as native from 'shared-native';
import {
  type Action,
  asShell,
  callsByStep,
  cloneFlags,
  type Deed,
  type Namespace,
  type Part,
  type Plan,
  type STAGES,
} from 'step-01';
import { NAMESPACES } from '../../steps/01-namespaces/src/command/print-plan.ts';
import { callLine, callLines } from './call-line.ts';
import { deedWords } from './deed-words.ts';
import { standingFor } from './made-of.ts';
import type { Line, Origin, SectionId } from './types.ts';

/** What every start does. */
const EVERY: Origin = { step: 0 };

/** Every line of a plan, in the order in which it happens, with what every clone does before. */
export function sectionsOf(plan: Plan): Record<SectionId, Line[]> {
  const each = (of: (part: Part, from: Origin) => Line[]) =>
    plan.parts.flatMap((part) => of(part, originOf(part.step)));
  const actions = (when: Action['when']) =>
    each((part, from) => part.actions.filter((one) => one.when === when).flatMap((one) => deeds(one, from)));
  const stage = (id: (typeof STAGES)[number]) => {
    let from = 0;
    return callsByStep(plan.parts, id).flatMap(([step, { length }]) => {
      const calls = plan.program[id].slice(from, from + length); // the very calls that are made
      from += length;
      return callLines(calls, originOf(step));
    });
  };
  const join = stage('join');
  const atGate = join.findIndex(({ name }) => name === 'wait4') + 1; // the child waits as soon as it is there: `cloneForking`
  return {
    before: actions('before'),
    clone: [callLine(native.cloneCall(cloneFlags(plan.namespaces)), EVERY)],
    join: join.slice(0, atGate),
    born: each((part, from) => part.namespaces.map((one) => namespaceLine(one, from))),
    gate: GATE,
    adopt: actions('adopt'),
    open: OPEN,
    setup: [...join.slice(atGate), ...stage('setup')],
    enter: stage('enter'),
    inside: stage('inside'),
    takes: each((part, from) => part.takes.map((call) => take(call, from))),
    leave: stage('leave'),
    privileges: stage('privileges'),
    exec: stage('exec'),
    after: each((part, from) => part.actions.flatMap((one) => undoing(one, from))).toReversed(),
  };
}

// A pipe that isn't made yet has no numbers: these two stand for its ends.
const [READ_END, WRITE_END] = [3, 4];

/** What clone (shared-native) puts before every program: the wait at the gate. */
const GATE: Line[] = [
  {
    ...callLine(native.close(WRITE_END), EVERY),
    words: 'close its copy of the pipe’s other end, to notice when the host is gone',
  },
  {
    ...callLine(native.prctl(native.PR_SET_PDEATHSIG, native.SIGKILL), EVERY),
    words: 'be killed when the thread of the host’s process ends that started it',
  },
  {
    ...callLine(native.atLeast(native.read(READ_END, new Uint8Array(1)), 1), EVERY),
    words: 'wait at the gate, until the host writes a byte',
  },
];

const OPEN: Line[] = [
  { ...callLine(native.write(WRITE_END, 'x'), EVERY), words: 'open the gate: the process’s read returns' },
];

/** A part is named for its step, or for a field of config.json. */
function originOf(part: string): Origin {
  const [, number] = /^step-(\d+)$/.exec(part) ?? [];
  return number === undefined ? { step: 0, field: part } : { step: Number(number) };
}

function namespaceLine(namespace: Namespace, from: Origin): Line {
  const page = { mnt: 'mount' }[namespace as string] ?? namespace;
  const title = `${page}_namespaces(7)`;
  const line: Line = {
    kind: 'namespace',
    ...from,
    text: namespace,
    words: NAMESPACES[namespace].replace(/ \(.*\)$/, ''),
    key: namespace,
    manual: [title, `https://man7.org/linux/man-pages/man7/${page}_namespaces.7.html`],
  };
  return standingFor(line, [namespace]);
}

function deeds(action: Action, from: Origin): Line[] {
  const undo = action.undo.map(asShell);
  return action.do.map((deed, nth) => {
    const line: Line = {
      ...deedLine(deed, from),
      words: deedWords(deed, nth, action.what),
      ...(undo.length > 0 && nth === 0 && { undo }), // of all together
    };
    return standingFor(line, [deed]);
  });
}

function undoing(action: Action, from: Origin): Line[] {
  return action.undo.toReversed().map((deed) => ({ ...deedLine(deed, from), words: `undoes: ${action.what}` }));
}

function deedLine(deed: Deed, from: Origin): Omit<Line, 'words'> {
  return { kind: 'deed', ...from, text: asShell(deed), key: `${deed.deed} ${onWhat(deed)}` };
}

/** What tells one deed of a kind from another. */
function onWhat(deed: Deed): string {
  if (deed.deed === 'run') return deed.argv.slice(0, 3).join(' ');
  return deed.deed === 'other' ? asShell(deed).split(' ').slice(0, 5).join(' ') : deed.path;
}

function take(call: native.Call, from: Origin): Line {
  const line = callLine(native.pidfdGetfd(3, 0), from);
  const of = callLine(call, from);
  return {
    ...line,
    text: `pidfd_getfd(pidfd, ‹${of.key}›, 0)`,
    words: 'take a copy of the descriptor that the process has opened',
    key: `take ${of.key}`,
    args: [
      ['pidfd', 'pidfd', 'the descriptor that clone gave'],
      ['targetfd', `‹${of.key}›`, 'read from its record'],
      ['flags', '0'],
    ],
  };
}
