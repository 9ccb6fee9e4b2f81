import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { type Call, CLONE_NEWUTS, perform, setns } from 'shared-native';
import type { Answer, IdRange, State } from 'shared-native/model';
import { cgroupOfProcess, cgroupPath } from '../../shared-native/src/model/cgroups/cgroups.ts';
import { modelledProcess } from '../../shared-native/test/calibration/modelled.ts';
import { modelledPlaces, realPlaces } from '../../shared-native/test/calibration/places.ts';
import { realProcess } from '../../shared-native/test/calibration/real.ts';
import type { Stop } from './stops.ts';

/** What there is to see of a process, by name: the same words for a real one, from /proc, and for a modelled one. */
export type Shown = Readonly<Record<string, string>>;

/** Of descriptors only those count that the program has opened: a real process has more, and other numbers for these. */
const SEEN = { places: false, tree: false };

/** What /proc shows of a real process. @param name - the container's: other cgroups are the machine's business */
export function reallyShown({ pid, results }: Stop, name: string): Shown {
  const text = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
  const { descriptors, ...process } = realProcess(pid, SEEN);
  const opened = openedBy([...results]);
  const there = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  const own = [...opened.keys()].filter((number) => there.has(number));
  const joined = text('cgroup').trim().split('\n');
  return {
    ...process,
    ...asNumbered(process, text('status').match(/^NSpid:.*?(\d+)$/m)?.[1] ?? '', pid),
    ...withoutNumber(realPlaces(pid, own, called(opened)), pid),
    uids: text('uid_map').trim().replaceAll(/ +/g, ' '),
    gids: text('gid_map').trim().replaceAll(/ +/g, ' '),
    hostname: hostnameOf(pid),
    cgroups: inCgroups(
      joined.map((line) => line.replace(/^\d+:/, '')),
      name,
    ),
    interfaces: isHosts(pid, 'net')
      ? 'the host’s'
      : words(
          text('net/dev')
            .split('\n')
            .slice(2, -1)
            .map((line) => line.split(':')[0] ?? ''),
        ),
  };
}

/** The same of the process in a state. */
export function modelledShown(state: State, answers: readonly Answer[], name: string): Shown {
  const { process, parent, hierarchies } = state;
  const { descriptors, ...shown } = modelledProcess(state, SEEN, false);
  const { user, uts, net } = process.namespaces;
  const opened = openedBy(answers.map(({ call, result }) => [call, result]));
  const own = [...opened.keys()].filter((number) => process.descriptors.has(number));
  const joined = hierarchies.map(({ version, controllers, root }) => {
    const cgroup = cgroupOfProcess({ root } as never, process.hostPid);
    return `${version === 1 ? controllers.join() : ''}:${cgroupPath(cgroup)}`;
  });
  return {
    ...shown,
    ...withoutNumber(modelledPlaces(state, own, called(opened)), process.hostPid),
    ...asNumbered(shown, String(process.pid), process.hostPid),
    uids: mapText(user.uidMap),
    gids: mapText(user.gidMap),
    hostname: uts.hostname,
    cgroups: inCgroups(joined, name),
    interfaces: net === parent.namespaces.net ? 'the host’s' : words([...net.links.values()].map((link) => link.name)),
  };
}

const OPENS = /^(openat2?|socket|fsopen|fsmount|open_tree|pidfd_open|memfd_create|dup3|accept4?)$/;

/** By descriptor, the call that has opened it last: `openat 3`, which was the third that opened something. */
function openedBy(results: readonly (readonly [Call, number])[]): Map<number, string> {
  const opening = results.filter(([{ name }, result]) => OPENS.test(name) && result >= 0);
  return new Map(opening.map(([{ name }, result], nth) => [result, `${name} ${nth + 1}`]));
}

const called = (opened: ReadonlyMap<number, string>) => (number: number) => opened.get(number) ?? '';

/** Files in /proc have its number on the host in their paths. */
function withoutNumber({ files = '', ...places }: Shown, pid: number): Shown {
  return { ...places, files: files.replaceAll(`/${pid}/`, '/PID/') };
}

/** The name that a process's UTS namespace has: this process enters it for a moment. */
function hostnameOf(pid: number): string {
  const [own, its] = ['self', pid].map((one) => openSync(`/proc/${one}/ns/uts`, 'r')) as [number, number];
  try {
    perform(setns(its, CLONE_NEWUTS));
    return hostname();
  } finally {
    perform(setns(own, CLONE_NEWUTS));
    closeSync(own);
    closeSync(its);
  }
}

/** Its own number, its group's and its session's. Those that the host gave are whatever came next. */
function asNumbered({ group = '', session = '' }: Shown, number: string, hostPid: number): Shown {
  return number === String(hostPid) ? { number: 'the host’s', group: '', session: '' } : { number, group, session };
}

/** `cpu:/boxstep/web`: those of the container. */
function inCgroups(all: readonly string[], name: string): string {
  return all
    .filter((line) => line.includes(name))
    .sort()
    .join('\n');
}

function mapText(map: readonly IdRange[]): string {
  return map.map(({ inside, outside, length }) => `${inside} ${outside} ${length}`).join('\n');
}

function isHosts(pid: number, type: string): boolean {
  return readlinkSync(`/proc/${pid}/ns/${type}`) === readlinkSync(`/proc/self/ns/${type}`);
}

const words = (all: readonly string[]) =>
  all
    .map((one) => one.trim())
    .sort()
    .join(' ');
