import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_RECURSIVE,
  type Call,
  close,
  FSMOUNT_CLOEXEC,
  FSOPEN_CLOEXEC,
  fsconfigCreate,
  fsconfigSetFlag,
  fsconfigSetString,
  fsmount,
  fsopen,
  MOUNT_ATTR_IDMAP,
  MOUNT_ATTR_RDONLY,
  mkdirat,
  mountSetattr,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  openat,
  openat2,
  RESOLVE_BENEATH,
  RESOLVE_NO_SYMLINKS,
  tolerate,
} from 'shared-native';
import { attach, cleanPath, copyOf, type PlaceKind, placeAt, resolveInside, targetIn } from 'step-10';
import type { OciMount } from '../config/schema.ts';
import { type Attributes, type MountOptions, mountOptions } from './options.ts';
import type { MountUsers } from './users.ts';

/** A mount as calls. */
export interface Mounting {
  /** Takes hold of what is the host's, by a process that is the host's root. */
  readonly join: readonly Call[];
  /** Attaches it in the container's mount namespace. */
  readonly setup: readonly Call[];
  /** After all others: what may only then be read-only. */
  readonly last: readonly Call[];
}

/** What a mount depends on, besides what it says itself. */
export interface MountsOf {
  readonly bundle: string;
  readonly rootfs: string;
  /** What is open for ID-mapped mounts. */
  readonly users?: MountUsers | undefined;
  /** The root, once it is attached. */
  readonly root: Call;
}

const NOTHING: Mounting = { join: [], setup: [], last: [] };

/** A mount of config.json, of any type but cgroups of v1. @throws {Error} if it isn't supported */
export function mounting(mount: OciMount, of: MountsOf): Mounting {
  const options = mountOptions(mount.options ?? []);
  if (options.remount) return remounting(mount, options, of);
  return options.bind || mount.type === 'bind' ? binding(mount, options, of) : filesystem(mount, options, of);
}

// #region what is the host's
/** The trees of the host's are taken hold of before anything else is, so no mount or link of the container's leads elsewhere. */
function binding(mount: OciMount, options: MountOptions, of: MountsOf): Mounting {
  const { source = '', destination } = mount;
  const path = isAbsolute(source) ? source : resolve(of.bundle, source);
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there) throw new Error(`mount at ${destination}: ${path}: no such file or directory`);
  const place = openat(AT_FDCWD, path, O_PATH | O_CLOEXEC);
  const recursive = options.recursive;
  const copy = copyOf(place, { readOnly: false, readOnlyBelow: false, recursive, propagation: 'rslave' });
  const changed = [
    ...given(copy.tree, options, of.users?.get(mount)),
    ...reaching(copy.tree, options),
    ...changing(copy.tree, options),
  ];
  const at = placeOf(destination, there.isDirectory() ? 'directory' : 'file', of);
  return {
    join: [place, ...copy.calls, close(place), ...changed],
    setup: [...at, ...attach(copy.tree, at.at(-1) as Call)],
    last: [],
  };
}
// #endregion

/** Shows its files with other owners: an ID-mapped mount. */
function given(tree: Call, { idmap }: MountOptions, users: number | undefined): Call[] {
  if (users === undefined) return [];
  const below = idmap === 'ridmap' ? AT_RECURSIVE : 0;
  return [mountSetattr(tree, '', AT_EMPTY_PATH | below, { attr_set: MOUNT_ATTR_IDMAP, userns_fd: users })];
}

/** Sets what reaches from where to where; without a word about it, what the host mounts is seen, and not the other way round. */
function reaching(tree: Call, { propagation }: MountOptions): Call[] {
  return propagation.map(({ type, recursive }) =>
    mountSetattr(tree, '', AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), { propagation: type }),
  );
}

function changing(tree: Call, { own, all }: MountOptions): Call[] {
  const change = ({ set, clear }: Attributes, below: number) =>
    set || clear ? [mountSetattr(tree, '', AT_EMPTY_PATH | below, { attr_set: set, attr_clr: clear })] : [];
  return [...change(own, 0), ...change(all, AT_RECURSIVE)];
}

// #region a filesystem
/** A filesystem of the container's namespaces. What its options are, the kernel knows: one that it doesn't is refused. */
function filesystem({ type = '', source, destination }: OciMount, options: MountOptions, of: MountsOf): Mounting {
  if (type === '') throw new Error(`mount at ${destination}: it has neither a type nor bind among its options`);
  const { own, all, data } = options;
  const attributes = own.set | all.set;
  const isMemory = type === 'tmpfs';
  const context = fsopen(type === 'cgroup' ? 'cgroup2' : type, FSOPEN_CLOEXEC);
  const tree = fsmount(context, FSMOUNT_CLOEXEC, isMemory ? attributes & ~MOUNT_ATTR_RDONLY : attributes);
  const mode = isMemory && !data.some((one) => one.startsWith('mode=')) ? modeThere(of.rootfs, destination) : undefined;
  const settings = [
    ...(source ? [fsconfigSetString(context, 'source', source)] : []),
    ...(mode === undefined ? [] : [`mode=${mode.toString(8)}`]).concat(data).map((one) => setting(context, one)),
  ];
  const at = isKernels(type) ? plainPlace(destination, of) : placeOf(destination, 'directory', of);
  return {
    ...NOTHING,
    setup: [
      ...[context, ...settings, fsconfigCreate(context), tree, close(context), ...reaching(tree, options)],
      ...[...at, ...attach(tree, at.at(-1) as Call)],
    ],
    last: isMemory && attributes & MOUNT_ATTR_RDONLY ? readOnly(destination, of) : [],
  };
}
// #endregion

function setting(context: Call, option: string): Call {
  const [, name = '', value] = /^([^=]*)=(.*)$/s.exec(option) ?? [];
  return value === undefined ? fsconfigSetFlag(context, option) : fsconfigSetString(context, name, value);
}

/** What these show, programs believe: they are nowhere but at the path that is given (CVE-2019-19921, CVE-2023-28642). */
function isKernels(type: string): boolean {
  return type === 'proc' || type === 'sysfs';
}

/** A directory of the root by a path in which no link is followed. */
function plainPlace(destination: string, { root }: MountsOf): Call[] {
  const names = cleanPath(`/${destination}`).split('/').filter(Boolean);
  if (names.length === 0) throw new Error('nothing can be mounted over the root');
  return names.flatMap((name, nth) => {
    const above = names.slice(0, nth).join('/');
    const how = { flags: O_PATH | O_DIRECTORY | O_CLOEXEC, resolve: RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
    const directory = above === '' ? root : openat2(root, above, how);
    const here = openat2(root, names.slice(0, nth + 1).join('/'), how);
    return [...(above === '' ? [] : [directory]), tolerate(mkdirat(directory, name, 0o555), 'EEXIST'), here];
  });
}

/** A place in the root, made if it is missing. @throws {Error} for one in /proc, but for those that lxcfs covers */
export function placeOf(destination: string, kind: PlaceKind, { root, rootfs }: MountsOf): Call[] {
  const path = cleanPath(`/${destination}`);
  const at = placeAt(root, path === '/proc' ? path : targetIn(rootfs, path), kind);
  if (at.length === 0) throw new Error('nothing can be mounted over the root');
  return at;
}

/** Changes a mount that is there. */
function remounting({ destination }: OciMount, options: MountOptions, of: MountsOf): Mounting {
  const at = placeOf(destination, 'directory', of);
  return { ...NOTHING, setup: [...at, ...changing(at.at(-1) as Call, options), close(at.at(-1) as Call)] };
}

function readOnly(destination: string, of: MountsOf): Call[] {
  const at = placeOf(destination, 'directory', of);
  const place = at.at(-1) as Call;
  return [...at, mountSetattr(place, '', AT_EMPTY_PATH, { attr_set: MOUNT_ATTR_RDONLY }), close(place)];
}

/** A filesystem in memory is as open as the directory that it covers. */
function modeThere(rootfs: string, destination: string): number | undefined {
  const there = statSync(rootfs + resolveInside(rootfs, destination), { throwIfNoEntry: false });
  return there && there.mode & 0o7777;
}
