import { makedev } from '../../calls/node.ts';
import {
  AT_FDCWD,
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TMPFILE,
  O_WRONLY,
  RESOLVE_BENEATH,
  RESOLVE_CACHED,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
  RESOLVE_NO_SYMLINKS,
  RESOLVE_NO_XDEV,
  SIGPIPE,
} from '../../kernel/constants.ts';
import { fail, Waits } from '../errors.ts';
import { passDown } from '../files/changes.ts';
import { addDescriptor, descriptor, freeNumber } from '../files/descriptors.ts';
import { openFile } from '../files/open.ts';
import { losePrivileges } from '../files/set-ids.ts';
import { readSpecial, writeSpecial } from '../files/special-files.ts';
import type { Family } from '../handler.ts';
import { receive } from '../process/signals.ts';
import type { OpenFile, Pipe, State, Terminal } from '../state.ts';

const VALID = 0o37777703 | O_PATH;
const RESOLVE =
  RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_CACHED;

/** Files: opened, read, written. */
export const fileCalls: Family<'openat' | 'openat2' | 'read' | 'write'> = {
  openat(state, args) {
    const flags = args.uint('flags') & VALID;
    const mode = args.has('mode') ? args.uint('mode') : 0;
    return open(state, args.int('dirfd'), args.text('pathname'), flags, mode, 0);
  },

  openat2(state, args) {
    const how = args.struct('how', ['flags', 'mode', 'resolve']);
    const [flags, mode, resolve] = [Number(how.flags), Number(how.mode), Number(how.resolve)];
    const path = args.text('pathname');
    const makes = (flags & O_CREAT) !== 0 || (flags & O_TMPFILE) === O_TMPFILE;
    if (args.uint('size') < 24) fail('EINVAL');
    if (how.flags > 0xffff_ffffn || flags & ~VALID || how.resolve & ~BigInt(RESOLVE)) fail('EINVAL');
    if (resolve & RESOLVE_BENEATH && resolve & RESOLVE_IN_ROOT) fail('EINVAL');
    if (makes ? mode & ~0o7777 : mode !== 0) fail('EINVAL');
    if (flags & O_PATH && flags & ~(O_PATH | O_DIRECTORY | O_CLOEXEC | 0o400000 | 0o100000)) fail('EINVAL');
    if (resolve & RESOLVE_CACHED && makes) fail('EAGAIN');
    return open(state, args.int('dirfd'), path, flags, mode, resolve);
  },

  read(state, args) {
    const { file } = descriptor(state, args.int('fd'));
    const into = args.room('buf');
    const count = Math.min(Number(args.big('count')), into.length);
    if (!mayRead(file)) fail('EBADF');
    const bytes = contentOf(state, file, count).subarray(0, count);
    into.set(bytes);
    return bytes.length;
  },

  write(state, args) {
    const { file } = descriptor(state, args.int('fd'));
    const bytes = args.bytes('buf').subarray(0, Number(args.big('count')));
    if (!mayWrite(file)) fail('EBADF');
    put(state, file, new TextDecoder().decode(bytes), bytes.length);
    return bytes.length;
  },
};

/** Opened for reading? 3 is for neither: such a descriptor is only for a driver's requests. */
const mayRead = ({ flags }: OpenFile) => [O_RDONLY, O_RDWR].includes(flags & (3 | O_PATH));
const mayWrite = ({ flags }: OpenFile) => [O_WRONLY, O_RDWR].includes(flags & (3 | O_PATH));

function open(state: State, dirfd: number, path: string, flags: number, mode: number, resolve: number): number {
  if (flags & ~O_CLOEXEC || path !== '') freeNumber(state);
  const file = openFile(state, path, flags, mode, { dirfd: dirfd === AT_FDCWD ? AT_FDCWD : dirfd, resolve });
  return addDescriptor(state, file, (flags & O_CLOEXEC) !== 0);
}

function contentOf(state: State, file: OpenFile, count: number): Uint8Array {
  const { inode } = file.place;
  const encode = (text: string) => new TextEncoder().encode(text);
  if (file.terminal) return readTerminal(file.terminal);
  if (inode.type === 'directory') return fail('EISDIR');
  if (inode.special?.kind === 'pipe') return encode(readPipe(inode.special.pipe, file, count));
  if (inode.type === 'character') return device(inode.rdev, count);
  if (inode.special && !['proc', 'cgroup', 'sysctl', 'ipc sysctl'].includes(inode.special.kind)) return fail('EINVAL');
  const all = encode(inode.special ? readSpecial(state, inode) : inode.text);
  const bytes = all.subarray(file.position, file.position + count);
  file.position += bytes.length;
  return bytes;
}

/** Nobody types in the model. */
function readTerminal({ masterOpen }: Terminal): Uint8Array {
  if (masterOpen) throw new Waits('nobody types at this terminal');
  return new Uint8Array(0);
}

const NULL = makedev(1, 3);
const FULL = makedev(1, 7);

/** mem(4): null is empty, the others never end. */
function device(rdev: number, count: number): Uint8Array {
  return new Uint8Array(rdev === NULL ? 0 : count);
}

function readPipe(pipe: Pipe, { flags }: OpenFile, count: number): string {
  if (pipe.content === '' && pipe.writers > 0 && count > 0) {
    if (flags & O_NONBLOCK) fail('EAGAIN');
    throw new Waits('nothing was written to the pipe yet');
  }
  const taken = pipe.content.slice(0, count);
  pipe.content = pipe.content.slice(count);
  return taken;
}

function put(state: State, file: OpenFile, text: string, length: number): void {
  const { inode } = file.place;
  if (file.terminal && !file.terminal.masterOpen) fail('EIO');
  if (inode.rdev === FULL && length > 0) fail('ENOSPC');
  if (inode.special?.kind === 'pipe') writePipe(state, inode.special.pipe, text);
  else if (inode.special) writeSpecial(state, file, text, length);
  else if (inode.type === 'file') writeBytes(state, file, text, length);
}

function writeBytes(state: State, file: OpenFile, text: string, length: number): void {
  const { inode } = file.place;
  if (length > 0) losePrivileges(state, inode);
  const start = file.flags & O_APPEND ? inode.text.length : file.position;
  inode.text = inode.text.slice(0, start).padEnd(start, '\0') + text + inode.text.slice(start + length);
  passDown(inode);
  file.position = start + length;
}

function writePipe(state: State, pipe: Pipe, text: string): void {
  if (pipe.readers === 0) {
    receive(state, SIGPIPE);
    fail('EPIPE');
  }
  pipe.content += text;
}
