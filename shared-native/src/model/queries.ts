import type { Call } from '../call.ts';
import { MS_NOSUID, S_ISUID } from '../kernel/constants.ts';
import { Errno } from './errors.ts';
import { lookUp } from './files/path.ts';
import { placesBeyond } from './filesystems/proc.ts';
import { model } from './model.ts';
import { flagNames, pathOf } from './mounts/mountinfo.ts';
import { placeAbove, topOf } from './mounts/mounts.ts';
import { gidIn, uidIn } from './process/ids.ts';
import type { Inode, Place, State } from './state.ts';

// Questions about a state, for tests and stories. None of them changes it.

/** What a path leads to, as the process sees it. */
export interface Found {
  /** Its path without links, from the process's root; `undefined` if it lies outside. */
  readonly path: string | undefined;
  readonly type: Inode['type'];
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: number;
  readonly text: string;
  /** The filesystem that it lies on, and how that is mounted. */
  readonly filesystem: string;
  readonly options: string;
  readonly source: string;
  /** `rw,nosuid,relatime`. */
  readonly flags: string;
  /** Where its mount is attached, as the process sees it. */
  readonly mountPoint: string | undefined;
  readonly inode: Inode;
}

/** Where a path leads; or the error that a walk there ends in: `leadsTo(state, '/proc')`. Links are followed. */
export function leadsTo(state: State, path: string, follow = true): Found | string {
  try {
    return describe(state, lookUp(state, path, { follow }));
  } catch (error) {
    if (error instanceof Errno) return error.code;
    throw error;
  }
}

function describe(state: State, place: Place): Found {
  const { mount, inode } = place;
  const { type, mode, uid, gid, rdev, text, filesystem } = inode;
  return {
    ...{ type, mode, uid, gid, rdev, text, inode },
    path: pathOf(state, place),
    filesystem: filesystem.type,
    options: [filesystem.readOnly ? 'ro' : 'rw', filesystem.options].filter(Boolean).join(','),
    source: mount.source,
    flags: flagNames(mount),
    mountPoint: pathOf(state, { mount, inode: mount.root }),
  };
}

/**
 * What a call would answer in this state: `undefined` if it succeeds, or the error's name. It is made in a copy.
 *
 * ```ts
 * wouldFail(after.state, openat(AT_FDCWD, '/etc/passwd', O_WRONLY)) // 'EROFS'
 * ```
 */
export function wouldFail(state: State, call: Call): string | undefined {
  return model(state).run([call]).answers[0]?.error;
}

/**
 * Can the process reach a file: by any path, from its root, its working directory or one of its descriptors, and by
 * `..` from there? Permissions aside. Gives the way, or nothing.
 *
 * @param name - the file's path in its own filesystem, such as `/etc/shadow`
 * @param filesystem - the type of that filesystem: the host's root is `ext4`
 */
export function wayTo(state: State, name: string, filesystem = 'ext4'): string | undefined {
  const { process } = state;
  const starts: [string, Place][] = [
    ['its root', process.root],
    ['its working directory', process.cwd],
    ...[...process.descriptors].map(([number, { file }]): [string, Place] => [`descriptor ${number}`, file.place]),
  ];
  const seen = new Set<string>();
  for (const [start, place] of starts) {
    for (const { mount, inode } of reachable(state, place, seen)) {
      if (inode.filesystem.type !== filesystem || mount.filesystem !== inode.filesystem) continue;
      if (pathIn(inode) === name) return start;
    }
  }
  return undefined;
}

function pathIn(inode: Inode): string {
  const names: string[] = [];
  for (let at = inode; at.parent; at = at.parent) names.unshift(at.name);
  return `/${names.join('/')}`;
}

/** Every place that can be walked to from one: first as far up as `..` leads, then down. */
function* reachable(state: State, from: Place, seen: Set<string>): Generator<Place> {
  const places = [topmost(state, from)];
  for (let place = places.pop(); place; place = places.pop()) {
    const key = `${place.mount.id} ${place.inode.ino}`;
    if (seen.has(key)) continue;
    seen.add(key);
    yield place;
    const { mount, inode } = place;
    if (inode.type !== 'directory') continue;
    for (const child of inode.entries.values()) places.push(topOf(state, { mount, inode: child }));
    for (const beyond of placesBeyond(state, inode)) places.push(topmost(state, beyond));
  }
}

function topmost(state: State, place: Place): Place {
  const above = place.inode.type === 'directory' ? placeAbove(place, state.process.root) : undefined;
  return above ? topmost(state, above) : place;
}

/** Who the process is, as its own user namespace has the ids. */
export function identity({ process }: State) {
  const { user } = process.namespaces;
  const uid = (id: number) => uidIn(user, id) ?? 65_534;
  const gid = (id: number) => gidIn(user, id) ?? 65_534;
  const { effective, permitted, inheritable, bounding, ambient, noNewPrivs } = process;
  return {
    uid: uid(process.uid),
    euid: uid(process.euid),
    suid: uid(process.suid),
    gid: gid(process.gid),
    egid: gid(process.egid),
    sgid: gid(process.sgid),
    groups: process.groups.map(gid),
    ...{ effective, permitted, inheritable, bounding, ambient, noNewPrivs },
  };
}

/** The ways in which a process without privileges could still get some: empty if there is none. */
export function waysToRegain(state: State): string[] {
  const { process } = state;
  const ways: string[] = [];
  if (process.permitted !== 0n) ways.push('it has capabilities that it may use at any time');
  if ([process.uid, process.euid, process.suid].includes(0)) ways.push('one of its user ids is root');
  if (!process.noNewPrivs && process.bounding !== 0n && setuidProgram(state))
    ways.push('it can execute a set-user-ID program');
  return ways;
}

function setuidProgram(state: State): boolean {
  for (const { mount, inode } of reachable(state, state.process.root, new Set())) {
    const isSet = inode.type === 'file' && inode.mode & S_ISUID && inode.uid === 0 && inode.mode & 0o111;
    if (isSet && !(mount.flags & MS_NOSUID)) return true;
  }
  return false;
}
