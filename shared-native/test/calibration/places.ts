import { readFileSync, readlinkSync } from 'node:fs';
import { type Descriptor, type NamespaceType, pathFromTop, type State, shownAs } from '../../src/model/index.ts';
import { mountinfo } from '../../src/model/mounts/mountinfo.ts';
import { comparable } from './mounts.ts';
import { field } from './status.ts';

const NAMESPACES: readonly NamespaceType[] = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'];

/**
 * Where a process is: its mounts, root and working directory, what its descriptors lead to, its namespaces.
 *
 * @param own - the descriptors that count
 * @param called - what each is called; two kernels may give different numbers
 */
export function realPlaces(
  pid: number,
  own: readonly number[],
  called: (descriptor: number) => string = String,
): Record<string, string> {
  const link = (name: string) => readlinkSync(`/proc/${pid}/${name}`);
  const shared = (type: string) => link(`ns/${type}`) === readlinkSync(`/proc/self/ns/${type}`);
  const file = (number: number) => {
    const info = readFileSync(`/proc/${pid}/fdinfo/${number}`, 'utf8');
    const path = nameless(link(`fd/${number}`));
    return `${called(number)} ${path} ${field(info, 'pos')} ${Number.parseInt(field(info, 'flags'), 8) & FLAGS}`;
  };
  return {
    mounts: comparable(readFileSync(`/proc/${pid}/mountinfo`, 'utf8')),
    root: link('root'),
    cwd: link('cwd'),
    files: own.map(file).join('\n'),
    namespaces: NAMESPACES.filter((type) => !shared(type)).join(' '),
    children: ['pid', 'time']
      .filter((type) => linkOrNone(pid, `${type}_for_children`) !== link(`ns/${type}`))
      .join(' '),
  };
}

function linkOrNone(pid: number, name: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/${name}`);
  } catch {
    return 'none'; // its PID namespace has no process yet
  }
}

/** Without the numbers of what has no name: `pipe:[17]`, `#42 (deleted)`. */
function nameless(path: string): string {
  return path.replace(/^(\w+:)\[\d+\]$/, '$1').replace(/\/#\d+ /, '/# ');
}

/** Access, O_APPEND, O_NONBLOCK, O_PATH. */
const FLAGS = 0o10006003;

/** The same of a state. */
export function modelledPlaces(
  state: State,
  own: readonly number[],
  called: (descriptor: number) => string = String,
): Record<string, string> {
  const { process, parent } = state;
  const { namespaces, pidForChildren, timeForChildren, descriptors } = process;
  const file = (number: number) => {
    const { place, position, flags } = (descriptors.get(number) as Descriptor).file;
    return `${called(number)} ${nameless(shownAs(place))} ${position} ${flags & FLAGS}`;
  };
  return {
    mounts: comparable(mountinfo(state)),
    root: pathFromTop(process.root),
    cwd: pathFromTop(process.cwd),
    files: own.map(file).join('\n'),
    namespaces: NAMESPACES.filter((type) => namespaces[type] !== parent.namespaces[type]).join(' '),
    children: [pidForChildren !== namespaces.pid && 'pid', timeForChildren !== namespaces.time && 'time']
      .filter(Boolean)
      .join(' '),
  };
}
