import {
  CLOSE_RANGE_CLOEXEC,
  CLOSE_RANGE_UNSHARE,
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  LOCK_EX,
  LOCK_NB,
  LOCK_SH,
  LOCK_UN,
  O_APPEND,
  O_CLOEXEC,
  O_DIRECT,
  O_NOATIME,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  O_WRONLY,
} from '../../kernel/constants.ts';
import { fail, ModelError, Waits } from '../errors.ts';
import { addDescriptor, closeDescriptor, descriptor, freeNumber, mostDescriptors } from '../files/descriptors.ts';
import { nameless } from '../files/nsfs.ts';
import { fileAt } from '../files/open.ts';
import { ownsOrCapable } from '../files/permission.ts';
import type { Family } from '../handler.ts';
import type { OpenFile, State } from '../state.ts';

export const descriptorCalls: Family<'close' | 'close_range' | 'dup3' | 'pipe2' | 'fcntl' | 'flock'> = {
  close(state, args) {
    closeDescriptor(state, args.int('fd'));
    return 0;
  },

  close_range({ process, ...state }, args) {
    const [first, last, flags] = [args.uint('first'), args.uint('last'), args.uint('flags')];
    if (flags & ~(CLOSE_RANGE_CLOEXEC | CLOSE_RANGE_UNSHARE) || last < first) fail('EINVAL');
    for (const [number, one] of [...process.descriptors]) {
      if (number < first || number > last) continue;
      if (flags & CLOSE_RANGE_CLOEXEC) one.closeOnExec = true;
      else closeDescriptor({ process, ...state }, number);
    }
    return 0;
  },

  dup3(state, args) {
    const [oldfd, newfd, flags] = [args.int('oldfd'), args.int('newfd'), args.uint('flags')];
    if (flags & ~O_CLOEXEC || oldfd === newfd) fail('EINVAL');
    const { file } = descriptor(state, oldfd);
    if (newfd < 0 || BigInt(newfd) >= mostDescriptors(state)) fail('EBADF');
    if (state.process.descriptors.has(newfd)) closeDescriptor(state, newfd);
    state.process.descriptors.set(newfd, { file, closeOnExec: (flags & O_CLOEXEC) !== 0 });
    return newfd;
  },

  pipe2(state, args) {
    const flags = args.uint('flags');
    if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT)) fail('EINVAL');
    const room = args.room('pipefd');
    const pipe = { content: '', writers: 1, readers: 1 };
    const place = nameless(state, 'pipefs', { kind: 'pipe', pipe });
    const closeOnExec = (flags & O_CLOEXEC) !== 0;
    const [readEnd, writeEnd] = [freeNumber(state), freeNumber(state, freeNumber(state) + 1)];
    const kept = flags & (O_NONBLOCK | O_DIRECT);
    addDescriptor(state, fileAt(place, O_RDONLY | kept), closeOnExec);
    addDescriptor(state, fileAt(place, O_WRONLY | kept), closeOnExec);
    room.set(new Uint8Array(new Int32Array([readEnd, writeEnd]).buffer));
    return 0;
  },

  fcntl(state, args) {
    const [number, cmd, arg] = [args.int('fd'), args.int('cmd'), args.uint('arg')];
    const one = descriptor(state, number);
    const { file } = one;
    if (file.flags & O_PATH && ![F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL].includes(cmd)) fail('EBADF');
    switch (cmd) {
      case F_DUPFD:
      case F_DUPFD_CLOEXEC:
        if (BigInt(arg) >= mostDescriptors(state)) fail('EINVAL');
        return addDescriptor(state, file, cmd === F_DUPFD_CLOEXEC, arg);
      case F_GETFD:
        return one.closeOnExec ? FD_CLOEXEC : 0;
      case F_SETFD:
        one.closeOnExec = (arg & FD_CLOEXEC) !== 0;
        return 0;
      case F_GETFL:
        return file.flags;
      case F_SETFL:
        setFlags(state, file, arg);
        return 0;
      default:
        throw new ModelError(`fcntl: the model doesn't know the command ${cmd}`);
    }
  },

  flock(state, args) {
    const [number, operation] = [args.int('fd'), args.uint('operation')];
    const kind = operation & ~LOCK_NB;
    if (![LOCK_SH, LOCK_EX, LOCK_UN].includes(kind)) fail('EINVAL');
    const { file } = descriptor(state, number);
    if (file.flags & O_PATH || (kind !== LOCK_UN && (file.flags & 3) === 3)) fail('EBADF');
    const others = [...state.process.descriptors.values()].map((other) => other.file).filter((other) => other !== file);
    const rivals = others.filter(({ lock, place }) => lock && place.inode === file.place.inode);
    const isHeld = rivals.some(({ lock }) => kind === LOCK_EX || lock === 'exclusive');
    if (kind !== LOCK_UN && isHeld) {
      if (operation & LOCK_NB) fail('EAGAIN');
      throw new Waits('another open file holds the lock');
    }
    file.lock = kind === LOCK_UN ? null : kind === LOCK_EX ? 'exclusive' : 'shared';
    return 0;
  },
};

const SETTABLE = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME;

function setFlags(state: State, file: OpenFile, flags: number): void {
  const gains = flags & ~file.flags;
  if (gains & O_NOATIME && !ownsOrCapable(state, file.place.inode)) fail('EPERM');
  file.flags = (file.flags & ~SETTABLE) | (flags & SETTABLE);
}
