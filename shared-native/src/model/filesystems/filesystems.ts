import { CAP_SYS_ADMIN } from '../../kernel/constants.ts';
import { fail, ModelError } from '../errors.ts';
import { lookUp } from '../files/path.ts';
import { capable } from '../process/capabilities.ts';
import type { Filesystem, OverlayDirectories, State } from '../state.ts';
import { type FilesystemType, type Options, TYPES } from './types.ts';

/** Options that every filesystem has: flags of the mount call as words. */
const COMMON = new Set(['ro', 'rw', 'sync', 'async', 'dirsync', 'mand', 'nomand', 'lazytime', 'nolazytime']);

/** @throws ENODEV @throws {ModelError} for one that the kernel has and the model has not */
export function filesystemType(state: State, name: string): FilesystemType {
  if (!state.filesystemTypes.includes(name)) fail('ENODEV');
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (!type) throw new ModelError(`the filesystem ${name} isn't modelled`);
  return type;
}

/** Is this an option of the filesystem, with a value that it takes? @throws EINVAL */
export function assertOption(state: State, type: string, key: string, value: string | null): void {
  if (COMMON.has(key) || (key === 'source' && value !== null)) return;
  const { options } = filesystemType(state, type);
  const form = Object.hasOwn(options, key) ? options[key] : undefined;
  if (form === undefined || (form === null) !== (value === null) || (form && !form.test(value as string)))
    fail('EINVAL');
}

/** `mode=755,size=64k` as options. @throws EINVAL */
export function parseOptions(state: State, type: string, data: string): Options {
  const options = new Map<string, string | null>();
  for (const word of data.split(',').filter(Boolean)) {
    const equals = word.indexOf('=');
    if (equals === 0) continue;
    const [key, value] = equals === -1 ? [word, null] : [word.slice(0, equals), word.slice(equals + 1)];
    assertOption(state, type, key, value);
    options.set(key, value);
  }
  return options;
}

/** May the process mount one? @throws EPERM */
export function assertMountable(state: State, name: string): void {
  const { inUserNamespace, owner } = filesystemType(state, name);
  const namespace = inUserNamespace ? (owner?.(state) ?? state.process.namespaces.user) : state.firstUserNamespace;
  if (!capable(state, namespace, CAP_SYS_ADMIN)) fail('EPERM');
}

/** Makes a filesystem of its options, or finds the one there is. @throws EINVAL, EPERM, ... */
export function makeFilesystem(
  state: State,
  name: string,
  options: Options,
  readOnly: boolean,
  directories: OverlayDirectories = directoriesIn(state, name, options),
): Filesystem {
  const before = new Set(state.filesystems.values());
  const filesystem = filesystemType(state, name).make(state, options, directories);
  if (!before.has(filesystem)) filesystem.readOnly ||= readOnly || options.has('ro');
  return filesystem;
}

/** No option has named a directory yet. */
export const noDirectories = (): OverlayDirectories => ({ lowers: [], upper: null, work: null });

/** Looks up the directories that an option names, if it names any. @throws ENOENT, ENOTDIR, EINVAL */
export function takeDirectories(
  state: State,
  type: string,
  directories: OverlayDirectories,
  [key, value]: readonly [string, string | null],
): void {
  const { directory } = filesystemType(state, type);
  if (!directory || value === null) return;
  const paths = key === 'lowerdir' ? value.split(':') : [value];
  if (key === 'lowerdir') directories.lowers = [];
  for (const path of paths)
    directory(directories, key, () => (path === '' ? fail('EINVAL') : lookUp(state, path, { follow: true })));
}

function directoriesIn(state: State, type: string, options: Options): OverlayDirectories {
  const directories = noDirectories();
  for (const option of options) takeDirectories(state, type, directories, option);
  return directories;
}

/** Gives a filesystem that is mounted other options. */
export function changeOptions(state: State, filesystem: Filesystem, options: Options): void {
  const type = Object.hasOwn(TYPES, filesystem.type) ? TYPES[filesystem.type] : undefined;
  type?.change?.(state, filesystem, options);
}
