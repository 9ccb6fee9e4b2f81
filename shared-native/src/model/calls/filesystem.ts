import {
  CAP_SYS_ADMIN,
  FSCONFIG_CMD_CREATE,
  FSCONFIG_CMD_CREATE_EXCL,
  FSCONFIG_CMD_RECONFIGURE,
  FSCONFIG_SET_FD,
  FSCONFIG_SET_FLAG,
  FSCONFIG_SET_STRING,
  FSMOUNT_CLOEXEC,
  FSOPEN_CLOEXEC,
  FSPICK_CLOEXEC,
  FSPICK_EMPTY_PATH,
  FSPICK_NO_AUTOMOUNT,
  FSPICK_SYMLINK_NOFOLLOW,
  MOUNT_ATTR__ATIME,
  MOUNT_ATTR_NOATIME,
  MOUNT_ATTR_STRICTATIME,
  MS_NOATIME,
  MS_RELATIME,
  O_PATH,
  O_RDWR,
} from '../../kernel/constants.ts';
import { fail, ModelError } from '../errors.ts';
import { addDescriptor, descriptor, freeNumber } from '../files/descriptors.ts';
import { nameless } from '../files/nsfs.ts';
import { fileAt } from '../files/open.ts';
import { lookUp } from '../files/path.ts';
import {
  assertMountable,
  assertOption,
  changeOptions,
  filesystemType,
  makeFilesystem,
  noDirectories,
  takeDirectories,
} from '../filesystems/filesystems.ts';
import type { Family } from '../handler.ts';
import { assertMayMount, setReadOnly } from '../mounts/mounting.ts';
import { isMounted } from '../mounts/mounts.ts';
import { makeNewMount, newlyVisible } from '../mounts/new-mount.ts';
import { capable } from '../process/capabilities.ts';
import type { FilesystemContext, State } from '../state.ts';
import { attributesToFlags } from './mount-tree.ts';

/** What mount(2) does at once, in steps. */
export const filesystemCalls: Family<'fsopen' | 'fsconfig' | 'fsmount' | 'fspick'> = {
  fsopen(state, args) {
    const flags = args.uint('flags');
    assertMayMount(state);
    if (flags & ~FSOPEN_CLOEXEC) fail('EINVAL');
    const type = args.text('fsname');
    filesystemType(state, type);
    const phase = 'create' as const;
    const context = { type, options: [], filesystem: null, phase, directories: noDirectories() };
    return contextFor(state, context, (flags & FSOPEN_CLOEXEC) !== 0);
  },

  fsconfig(state, args) {
    if (args.int('fd') < 0) fail('EINVAL');
    const [cmd, key, value, aux] = [
      args.uint('cmd'),
      args.textOrNull('key'),
      args.textOrNull('value'),
      args.int('aux'),
    ];
    if (cmd > FSCONFIG_CMD_CREATE_EXCL) fail('EOPNOTSUPP');
    const isCommand =
      cmd === FSCONFIG_CMD_CREATE || cmd === FSCONFIG_CMD_RECONFIGURE || cmd === FSCONFIG_CMD_CREATE_EXCL;
    if (isCommand && (key !== null || value !== null || aux !== 0)) fail('EINVAL');
    if (cmd === FSCONFIG_SET_FD && (key === null || value !== null || aux < 0)) fail('EINVAL');
    if (cmd === FSCONFIG_SET_FLAG && (key === null || value !== null || aux !== 0)) fail('EINVAL');
    if (cmd === FSCONFIG_SET_STRING && (key === null || value === null || aux !== 0)) fail('EINVAL');
    const { special } = descriptor(state, args.int('fd')).file.place.inode;
    if (special?.kind !== 'context') return fail('EINVAL');
    const { context } = special;
    if (isTooLong(key) || isTooLong(value)) fail('EINVAL');
    if (isCommand) configure(state, context, cmd);
    else if (cmd === FSCONFIG_SET_FLAG || cmd === FSCONFIG_SET_STRING) set(state, context, key as string, value);
    else if (cmd === FSCONFIG_SET_FD) setDescriptor(state, context, key as string, aux);
    else throw new ModelError(`the model does not know the fsconfig command ${cmd}`);
    return 0;
  },

  fsmount(state, args) {
    const [flags, attributes] = [args.uint('flags'), args.uint('attr_flags')];
    assertMayMount(state);
    if (flags & ~FSMOUNT_CLOEXEC || attributes & ~0x2000ff) fail('EINVAL');
    const access = attributes & MOUNT_ATTR__ATIME;
    if (access !== 0 && access !== MOUNT_ATTR_NOATIME && access !== MOUNT_ATTR_STRICTATIME) fail('EINVAL');
    const { special } = descriptor(state, args.int('fsfd')).file.place.inode;
    if (special?.kind !== 'context') return fail('EINVAL');
    const { context } = special;
    if (!context.filesystem) return fail('EINVAL');
    const atime = access === 0 ? MS_RELATIME : access === MOUNT_ATTR_NOATIME ? MS_NOATIME : 0;
    const mountFlags = attributesToFlags(attributes) | atime;
    const visible = newlyVisible(state, context.filesystem, mountFlags) ?? fail('EPERM');
    if (context.phase !== 'mount') fail('EBUSY');
    freeNumber(state);
    const source = new Map(context.options).get('source') ?? 'none';
    const mount = makeNewMount(state, context.filesystem, source, mountFlags);
    mount.lockedFlags = visible;
    context.phase = 'mounted';
    const file = { ...fileAt({ mount, inode: mount.root }, O_PATH), detached: true };
    return addDescriptor(state, file, (flags & FSMOUNT_CLOEXEC) !== 0);
  },

  fspick(state, args) {
    const flags = args.uint('flags');
    assertMayMount(state);
    if (flags & ~(FSPICK_CLOEXEC | FSPICK_SYMLINK_NOFOLLOW | FSPICK_NO_AUTOMOUNT | FSPICK_EMPTY_PATH)) fail('EINVAL');
    const place = lookUp(state, args.text('pathname'), {
      dirfd: args.int('dirfd'),
      follow: !(flags & FSPICK_SYMLINK_NOFOLLOW),
      emptyPath: (flags & FSPICK_EMPTY_PATH) !== 0,
    });
    if (!isMounted(place)) fail('EINVAL');
    const { filesystem } = place.mount;
    const phase = 'reconfigure' as const;
    const context = { type: filesystem.type, options: [], filesystem, phase, directories: noDirectories() };
    return contextFor(state, context, (flags & FSPICK_CLOEXEC) !== 0);
  },
};

/** The kernel reads 256 bytes of an option's name, and of its value, the NUL among them. */
function isTooLong(text: string | null): boolean {
  return text !== null && new TextEncoder().encode(text).length > 255;
}

function contextFor(state: State, context: FilesystemContext, closeOnExec: boolean): number {
  const place = nameless(state, 'anon_inodefs', { kind: 'context', context });
  return addDescriptor(state, fileAt(place, O_RDWR), closeOnExec);
}

function set(state: State, context: FilesystemContext, key: string, value: string | null): void {
  if (context.phase !== 'create' && context.phase !== 'reconfigure') fail('EBUSY');
  assertOption(state, context.type, key, value);
  takeDirectories(state, context.type, context.directories, [key, value]);
  context.options.push([key, value]);
}

/** A directory of an overlay, by its descriptor (Linux 6.13). */
function setDescriptor(state: State, context: FilesystemContext, key: string, number: number): void {
  const { directory } = filesystemType(state, context.type);
  const { place } = descriptor(state, number).file;
  if (context.phase !== 'create') fail('EBUSY');
  if (!directory?.(context.directories, key, () => place)) fail('EINVAL');
}

function configure(state: State, context: FilesystemContext, cmd: number): void {
  const options = new Map(context.options);
  if (cmd === FSCONFIG_CMD_RECONFIGURE) {
    if (context.phase !== 'reconfigure' || !context.filesystem) fail('EBUSY');
    if (!capable(state, context.filesystem.owner, CAP_SYS_ADMIN)) fail('EPERM');
    setReadOnly(state, context.filesystem, options.has('ro') || (context.filesystem.readOnly && !options.has('rw')));
    changeOptions(state, context.filesystem, options);
    return;
  }
  if (context.phase !== 'create') fail('EBUSY');
  assertMountable(state, context.type);
  context.filesystem = makeFilesystem(state, context.type, options, options.has('ro'), context.directories);
  context.phase = 'mount';
}
