import { makedev } from '../../calls/node.ts';
import { O_NOCTTY, O_WRONLY, SIGCONT, SIGHUP } from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import { topOf } from '../mounts/mounts.ts';
import { receive } from '../process/signals.ts';
import type { Filesystem, OpenFile, Place, State, Terminal } from '../state.ts';
import { addInode, removeInode } from './inode.ts';

/** The driver of the ends that programs read and write: pts(4). */
export const PTS_MAJOR = 136;

/** What an open file of a terminal is, beside its place and flags. */
export type End = Pick<OpenFile, 'terminal' | 'master'>;

/**
 * Makes a terminal: opening /dev/ptmx gives its master.
 *
 * @throws ENOENT if there is no `pts` beside the file, ENODEV if that is no devpts
 * @see {@link https://man7.org/linux/man-pages/man4/pts.4.html | ptmx(4)}
 */
export function openMaster(state: State, ptmx: Place): End {
  const filesystem = devptsOf(state, ptmx).mount.filesystem;
  const number = freeNumber(state, filesystem);
  const { mode = '600', uid, gid } = optionsOf(filesystem);
  const { fsuid, fsgid } = state.process;
  addInode(state, filesystem.root, String(number), {
    type: 'character',
    mode: Number.parseInt(mode, 8),
    uid: uid === undefined ? fsuid : Number(uid),
    gid: gid === undefined ? fsgid : Number(gid),
    rdev: makedev(PTS_MAJOR, number),
  });
  const size = { rows: 0, columns: 0 };
  const terminal = { number, filesystem, locked: true, session: 0, foreground: 0, ...size, masterOpen: true };
  state.terminals.push(terminal);
  return { terminal, master: true };
}

/** Opens the end that programs read and write. @throws EIO while it is locked, or when the master is closed */
export function openSlave(state: State, terminal: Terminal | undefined, flags: number): End {
  if (!terminal?.masterOpen || terminal.locked) return fail('EIO');
  const { process } = state;
  const isFree = process.sid === process.pid && !process.terminal && terminal.session === 0;
  if (isFree && !(flags & (O_NOCTTY | O_WRONLY))) control(state, terminal);
  return { terminal };
}

/** Opens /dev/tty: the terminal of this session. @throws ENXIO if it has none */
export function openControlling({ process }: State): End {
  const terminal = process.terminal ?? fail('ENXIO');
  return terminal.locked ? fail('EIO') : { terminal };
}

/** The terminal of a number in a devpts. */
export function terminalOf(state: State, filesystem: Filesystem, number: number): Terminal | undefined {
  return state.terminals.find((one) => one.filesystem === filesystem && one.number === number && one.masterOpen);
}

/** The process's session gets a controlling terminal. */
export function control({ process }: State, terminal: Terminal): void {
  process.terminal = terminal;
  terminal.session = process.sid;
  terminal.foreground = process.pgid;
}

/** The session has no controlling terminal any more. */
export function disassociate({ process }: State, terminal: Terminal): void {
  terminal.session = 0;
  terminal.foreground = 0;
  if (process.terminal === terminal) process.terminal = null;
}

/** The master is closed: the terminal goes, and the leader of its session is told by SIGHUP. */
export function hangUp(state: State, terminal: Terminal): void {
  const { process } = state;
  const isLeader = process.terminal === terminal && process.sid === process.pid;
  terminal.masterOpen = false;
  const inode = terminal.filesystem.root.entries.get(String(terminal.number));
  if (inode) removeInode(inode);
  disassociate(state, terminal);
  if (isLeader) tellOfHangUp(state);
}

/** SIGHUP, and SIGCONT for a process that is stopped and could not take the other. */
export function tellOfHangUp(state: State): void {
  for (const signal of [SIGHUP, SIGCONT]) receive(state, signal);
}

/** The root of the devpts that a ptmx belongs to: the one it lies in, or the one on `pts` beside it. */
export function devptsOf(state: State, ptmx: Place): Place {
  const { filesystem } = ptmx.inode;
  if (filesystem.type === 'devpts') return { mount: ptmx.mount, inode: filesystem.root };
  const pts = ptmx.inode.parent?.entries.get('pts') ?? fail('ENOENT');
  const place = topOf(state, { mount: ptmx.mount, inode: pts });
  const isRoot = place.mount.filesystem.type === 'devpts' && place.mount.root === place.mount.filesystem.root;
  return isRoot ? place : fail('ENODEV');
}

/** The lowest number that no terminal has, be it only by one end that is still open. */
function freeNumber(state: State, filesystem: Filesystem): number {
  const open = [...state.process.descriptors.values()].map(({ file }) => file.terminal);
  const taken = state.terminals.filter((one) => one.masterOpen || open.includes(one));
  const numbers = taken.filter((one) => one.filesystem === filesystem).map(({ number }) => number);
  let number = 0;
  while (numbers.includes(number)) number++;
  return number;
}

function optionsOf({ options }: Filesystem): Partial<Record<string, string>> {
  return Object.fromEntries(options.split(',').map((option) => option.split('=')));
}
