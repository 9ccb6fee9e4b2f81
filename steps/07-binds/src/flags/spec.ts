import { cleanPath } from 'step-06';
import type { Mount, MountSpec, Propagation, VolumeMount } from '../mount.ts';
import { MODES } from '../volume-flag.ts';
import { driverOptions } from '../volumes/device.ts';

/**
 * The mount that is meant, by docker's rules.
 *
 * @throws {Error} in docker's words, and what to do where they don't say it
 */
export function mountOf(spec: MountSpec): Mount {
  const wrong = (why: string) => new Error(`invalid mount config for type "${spec.type}": ${why}`);
  const target = targetOf(spec.target ?? '', wrong);
  const { type, source = '', readOnly = false, bind, volume, tmpfs } = spec;
  switch (type) {
    case 'bind':
      if (source === '') throw wrong('field Source must not be empty');
      if (volume) throw wrong('field VolumeOptions must not be specified');
      assertAbsolute(source, wrong);
      return {
        type,
        source: cleanPath(source),
        target,
        readOnly,
        propagation: propagationOf(bind?.propagation, wrong),
        recursive: !bind?.nonRecursive,
        readOnlyBelow: !bind?.readOnlyNonRecursive,
        makeSource: bind?.createSource ?? false,
      };
    case 'volume':
      if (bind) throw wrong('field BindOptions must not be specified');
      assertLocal(volume, wrong);
      return {
        type,
        name: source,
        anonymous: source === '',
        target,
        readOnly,
        copy: !volume?.noCopy,
        subpath: subpathOf(volume?.subpath ?? '', source, wrong),
        labels: volume?.labels ?? {},
        ...optionsFor(source, volume?.driverOptions),
      };
    case 'tmpfs':
      if (bind) throw wrong('field BindOptions must not be specified');
      if (source !== '') throw wrong('field Source must not be specified');
      return { type, target, readOnly, options: tmpfsWords(tmpfs) };
    case 'image':
      throw wrong('an image as a mount is not in this course: mount a directory of it, -v /path:/target:ro');
    default:
      throw wrong('mount type unknown');
  }
}

/** A path of a container's that something can be mounted at. @throws {Error} unless it is absolute, and not the root */
export function targetOf(path: string, wrong: (why: string) => Error): string {
  if (path === '') throw wrong('field Target must not be empty');
  if (cleanPath(path) === '/') throw wrong("invalid specification: destination can't be '/'");
  assertAbsolute(path, wrong);
  return cleanPath(path);
}

function assertAbsolute(path: string, wrong: (why: string) => Error): void {
  if (!path.startsWith('/')) throw wrong(`invalid mount path: '${path}' mount path must be absolute`);
}

function propagationOf(word: string | undefined, wrong: (why: string) => Error): Propagation {
  if (word === undefined || word === '') return 'rprivate';
  const found = MODES.propagation.find((one) => one === word);
  if (found) return found;
  throw wrong(`invalid propagation mode: ${word}`);
}

function assertLocal(volume: MountSpec['volume'], wrong: (why: string) => Error): void {
  const { driver = 'local' } = volume ?? {};
  if (driver !== 'local') throw wrong(`plugin "${driver}" not found: the only driver of volumes here is "local"`);
}

/** `volume-opt`: what the volume is, if it is made now. @throws {Error} in docker's words, as `volume create -o` */
function optionsFor(name: string, given: Readonly<Record<string, string>> = {}): Pick<VolumeMount, 'options'> {
  const words = Object.entries(given).map((pair) => pair.join('='));
  return words.length === 0 ? {} : { options: driverOptions(name || 'a volume without a name', words) };
}

function subpathOf(path: string, source: string, wrong: (why: string) => Error): string {
  if (path === '') return '';
  if (source === '') throw wrong('must not set Subpath when using anonymous volumes');
  const local = cleanPath(path);
  if (local.startsWith('/') || local === '..' || local.startsWith('../')) {
    throw wrong(`subpath must be a relative path within the volume: ${path}`);
  }
  return local === '.' ? '' : local;
}

/** `tmpfs-size` and `tmpfs-mode` as mount(8) has them. */
function tmpfsWords({ size, mode }: NonNullable<MountSpec['tmpfs']> = {}): string[] {
  const unit = [30, 20, 10].find((bits) => size && size % 2 ** bits === 0) ?? 0;
  const letter = { 0: '', 10: 'k', 20: 'm', 30: 'g' }[unit];
  return [...(mode ? [`mode=${mode.toString(8)}`] : []), ...(size ? [`size=${size / 2 ** unit}${letter}`] : [])];
}
