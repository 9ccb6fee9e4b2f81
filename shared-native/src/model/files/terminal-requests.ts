import {
  CAP_SYS_ADMIN,
  O_CLOEXEC,
  O_WRONLY,
  SIGTTOU,
  TCGETS,
  TIOCGPGRP,
  TIOCGPTN,
  TIOCGPTPEER,
  TIOCGSID,
  TIOCGWINSZ,
  TIOCNOTTY,
  TIOCSCTTY,
  TIOCSPGRP,
  TIOCSPTLCK,
  TIOCSWINSZ,
} from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { fail, ModelError } from '../errors.ts';
import { capable } from '../process/capabilities.ts';
import { processOf } from '../process/processes.ts';
import { signalSet } from '../process/signals.ts';
import type { OpenFile, State, Terminal } from '../state.ts';
import { answerAt, inMemory } from '../structs.ts';
import { addDescriptor, freeNumber } from './descriptors.ts';
import { fileAt } from './open.ts';
import { control, devptsOf, disassociate, openSlave, tellOfHangUp } from './terminal.ts';

/** A request that is made of an open end of a terminal. */
type Request = (state: State, file: OpenFile, terminal: Terminal, args: Arguments) => number;

/** What ioctl_tty(2) asks of a terminal. Asked of the master, most of it is about the other end. */
export const TERMINAL_REQUESTS: ReadonlyMap<number, Request> = new Map<number, Request>([
  [TIOCSPTLCK, setLock],
  [TIOCGPTPEER, openPeer],
  [TIOCSCTTY, setControlling],
  [TIOCNOTTY, giveUp],
  [TIOCSPGRP, setForeground],
  [TIOCSWINSZ, setSize],
  [TIOCGPTN, (_state, { master }, { number }, args) => (master ? answer(args, Int32Array.of(number)) : fail('ENOTTY'))],
  [
    TIOCGSID,
    (state, file, { session }, args) => (session === 0 ? fail('ENOTTY') : answerOwn(state, file, session, args)),
  ],
  [TIOCGPGRP, (state, file, { foreground }, args) => answerOwn(state, file, foreground, args)],
  [TIOCGWINSZ, (_state, _file, { rows, columns }, args) => answer(args, Uint16Array.of(rows, columns, 0, 0))],
  [TCGETS, askModes],
]);

function setLock(_state: State, { master }: OpenFile, terminal: Terminal, args: Arguments): number {
  if (!master) fail('ENOTTY');
  terminal.locked = viewOf(args, 4).getInt32(0, true) !== 0;
  return 0;
}

/** A way to the other end that needs no path, and so can't lead to another terminal. */
function openPeer(state: State, file: OpenFile, terminal: Terminal, args: Arguments): number {
  if (!file.master) fail('EIO');
  const flags = args.int('arg');
  freeNumber(state);
  const inode = terminal.filesystem.root.entries.get(String(terminal.number)) ?? fail('EIO');
  const place = { mount: devptsOf(state, file.place).mount, inode };
  const end = openSlave(state, terminal, flags);
  return addDescriptor(state, { ...fileAt(place, flags), ...end }, (flags & O_CLOEXEC) !== 0);
}

/** The terminal becomes that of the session: only its leader can have that, and only if neither has another. */
function setControlling(state: State, { flags }: OpenFile, terminal: Terminal, args: Arguments): number {
  const { process } = state;
  const isLeader = process.sid === process.pid;
  if (isLeader && terminal.session === process.sid) return 0;
  if (!isLeader || process.terminal) fail('EPERM');
  const isAdmin = capable(state, state.firstUserNamespace, CAP_SYS_ADMIN);
  const maySteal = args.int('arg') === 1 && isAdmin;
  if (terminal.session !== 0 && !maySteal) fail('EPERM');
  if (flags & O_WRONLY && !isAdmin) fail('EPERM');
  control(state, terminal);
  return 0;
}

function giveUp(state: State, { master }: OpenFile, terminal: Terminal): number {
  const { process } = state;
  if (master || process.terminal !== terminal) fail('ENOTTY');
  const isHungUp = process.sid === process.pid && terminal.foreground === process.pgid;
  if (process.sid === process.pid) disassociate(state, terminal);
  process.terminal = null;
  if (isHungUp) tellOfHangUp(state);
  return 0;
}

function setForeground(state: State, _file: OpenFile, terminal: Terminal, args: Arguments): number {
  const { process, others } = state;
  assertForeground(state, terminal);
  const group = viewOf(args, 4).getInt32(0, true);
  if (group < 0) fail('EINVAL');
  if (process.terminal !== terminal || terminal.session !== process.sid) fail('ENOTTY');
  if (group === 0) fail('ESRCH');
  const member = [process, ...others].find(({ pgid }) => pgid === group) ?? processOf(state, group);
  if (member.sid !== process.sid) fail('EPERM');
  terminal.foreground = group;
  return 0;
}

/** The kernel stops a process in the background that changes its terminal, unless it blocks or ignores SIGTTOU. */
function assertForeground({ process }: State, terminal: Terminal): void {
  if (process.terminal !== terminal || terminal.foreground === process.pgid) return;
  if (process.ignored.has(SIGTTOU) || process.blocked & signalSet(SIGTTOU)) return;
  throw new ModelError('this process is in the background of its terminal, where SIGTTOU would stop it');
}

function setSize(_state: State, _file: OpenFile, terminal: Terminal, args: Arguments): number {
  const size = viewOf(args, 8);
  terminal.rows = size.getUint16(0, true);
  terminal.columns = size.getUint16(2, true);
  return 0;
}

/** That it is a terminal is all that can be learned: its modes are not in the model. */
function askModes(_state: State, _file: OpenFile, _terminal: Terminal, args: Arguments): number {
  viewOf(args, 36);
  return 0;
}

function answerOwn({ process }: State, { master, terminal }: OpenFile, number: number, args: Arguments): number {
  return master || process.terminal === terminal ? answer(args, Int32Array.of(number)) : fail('ENOTTY');
}

function answer(args: Arguments, numbers: Int32Array | Uint16Array): number {
  return answerAt(args, 'arg', inMemory(numbers));
}

/** What the kernel reads at a pointer. @throws EFAULT for a number, which is none */
function viewOf(args: Arguments, bytes: number): DataView {
  const { kind } = args.of('arg');
  if (kind === 'integer' || kind === 'null') return fail('EFAULT');
  const value = args.bytes('arg');
  if (value.length < bytes) throw new ModelError(`ioctl: arg must be ${bytes} bytes, got ${value.length}`);
  return new DataView(value.buffer, value.byteOffset, value.length);
}
