import { AT_FDCWD, O_PATH, O_RDWR, O_WRONLY, RLIMIT_STACK } from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import { closeOnExec } from '../files/descriptors.ts';
import { lookUp, type WalkOptions } from '../files/path.ts';
import { allowsPrograms, assertMay, MAY_EXEC } from '../files/permission.ts';
import type { Inode, Place, State } from '../state.ts';
import { credentialsAfter } from './execute-credentials.ts';

/** What the file of a program begins with; behind it may stand the path of its loader: `/lib/ld.so`. */
export const ELF = '\x7fELF';

/** The most interpreters that name one another. */
const MAX_INTERPRETERS = 5;
/** A first line without an end names the interpreter '', which the kernel takes for the working directory. */
const UNFINISHED = /^#![ \t]*$/;
/** Bytes of a file that the kernel looks at. */
const HEAD = 256;
const PAGE = 4096;
const ARG_MAX = 131_072;
const MAX_ARG_STRLEN = 131_072;
const MOST_ARGUMENTS = 6n * 1024n * 1024n;
const STACK_LIMIT = 8n * 1024n * 1024n;

/**
 * The process becomes another program.
 *
 * @throws ENOENT, EACCES, ENOEXEC, E2BIG, ENOTDIR, EPERM, ELOOP, ETXTBSY
 * @see {@link https://man7.org/linux/man-pages/man2/execve.2.html | execve(2)}
 */
export function execute(
  state: State,
  pathname: string,
  argv: readonly string[],
  envp: readonly string[],
  where: WalkOptions = {},
): void {
  const { process } = state;
  const file = programAt(state, pathname, where);
  const pointers = Math.max(argv.length, 1) + envp.length;
  const assertFits = (args: readonly string[]) => assertSpace(state, [pathname, ...args, ...envp], pointers);
  assertFits(argv);
  const program = interpreted(state, file, pathFor(state, pathname, where), argv, assertFits);
  const loader = program.place.inode.text.slice(ELF.length);
  if (loader.startsWith('/')) programAt(state, loader);
  const credentials = credentialsAfter(state, program.place);
  closeOnExec(state);
  become(state, credentials);
  process.handled.clear(); // ignored signals stay ignored, and blocked ones blocked
  process.comm = (pathname === '' ? program.place.inode.name : (pathname.split('/').at(-1) ?? '')).slice(0, 15);
  process.executable = program.place;
  process.executed = { ...program, pathname, envp };
}

/** A file that may be executed. */
function programAt(state: State, pathname: string, where: WalkOptions = {}): Place {
  const place = lookUp(state, pathname, { follow: true, ...where });
  if (place.inode.type === 'symlink') fail('ELOOP');
  if (place.inode.type !== 'file' || !allowsPrograms(place)) fail('EACCES');
  assertMay(state, place.inode, MAY_EXEC);
  if (isBeingWritten(state, place.inode)) fail('ETXTBSY');
  return place;
}

function isBeingWritten({ process }: State, inode: Inode): boolean {
  return [...process.descriptors.values()].some(
    ({ file }) => file.place.inode === inode && (file.flags & (O_WRONLY | O_RDWR)) !== 0 && !(file.flags & O_PATH),
  );
}

/** What an interpreter is told to open; nothing where the descriptor that leads there is closed before. */
function pathFor(state: State, pathname: string, { dirfd = AT_FDCWD }: WalkOptions): string | undefined {
  if (dirfd === AT_FDCWD || pathname.startsWith('/')) return pathname;
  if (state.process.descriptors.get(dirfd)?.closeOnExec) return undefined;
  return pathname === '' ? `/dev/fd/${dirfd}` : `/dev/fd/${dirfd}/${pathname}`;
}

/** The program behind a script, and what it gets as its arguments. */
function interpreted(
  state: State,
  file: Place,
  script: string | undefined,
  argv: readonly string[],
  assertFits: (args: readonly string[]) => void,
): { place: Place; argv: readonly string[] } {
  let [place, path, args] = [file, script, argv];
  for (let depth = 0; !place.inode.text.startsWith(ELF); depth++) {
    const [, interpreter, argument] = /^#![ \t]*([^ \t\n]+)[ \t]*([^\n]*)/.exec(place.inode.text.slice(0, HEAD)) ?? [];
    const isUnfinished = UNFINISHED.test(place.inode.text);
    if (interpreter === undefined && !isUnfinished) return fail('ENOEXEC');
    if (path === undefined) return fail('ENOENT');
    if (interpreter === undefined) return fail('EACCES');
    args = [interpreter, ...(argument?.trim() ? [argument.trim()] : []), path, ...args.slice(1)];
    assertFits(args);
    path = interpreter;
    place = programAt(state, interpreter);
    if (depth === MAX_INTERPRETERS) fail('ELOOP');
  }
  return { place, argv: args };
}

/** @throws E2BIG */
function assertSpace({ process }: State, strings: readonly string[], pointers: number): void {
  const lengths = strings.map((one) => new TextEncoder().encode(one).length + 1);
  const stack = process.limits.get(RLIMIT_STACK)?.soft ?? STACK_LIMIT;
  const quarter = stack / 4n;
  const most = Math.max(ARG_MAX, Number(quarter < MOST_ARGUMENTS ? quarter : MOST_ARGUMENTS));
  const bytes = lengths.reduce((sum, length) => sum + length, 0);
  const pages = Math.ceil((bytes + 8) / PAGE) * PAGE; // they lie on the stack, which has a limit itself
  if (bytes + pointers * 8 > most || pages > stack || lengths.some((length) => length > MAX_ARG_STRLEN)) fail('E2BIG');
}

function become({ process }: State, { credentials, isPrivileged, forgets }: ReturnType<typeof credentialsAfter>): void {
  Object.assign(process, credentials);
  const { uid, euid, gid, egid } = credentials;
  process.dumpable = forgets || uid !== euid || gid !== egid ? 0 : 1;
  if (isPrivileged || forgets) process.deathSignal = 0;
  const stack = process.limits.get(RLIMIT_STACK);
  if (isPrivileged && stack && stack.soft > STACK_LIMIT) {
    process.limits.set(RLIMIT_STACK, { ...stack, soft: STACK_LIMIT });
  }
}
