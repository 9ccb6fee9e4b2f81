import { csvFields, nameAndValue, ramInBytes } from 'step-06';
import type { MountSpec } from '../mount.ts';
import { hostPath } from './host-path.ts';

/** What a field adds to what the fields before it say. */
type Adds = (value: string, key: string, before: MountSpec) => Partial<MountSpec>;

/**
 * What `--mount` says, read as docker reads it: one line of a CSV file, each field `key=value`, or a key alone that is
 * either true or not.
 *
 * @throws {Error} in docker's words
 * @see {@link https://docs.docker.com/reference/cli/docker/container/run/#mount | docker run --mount}
 */
export function parseMount(text: string): MountSpec {
  if (text === '') throw new Error('value is empty');
  let spec: MountSpec = { type: 'volume' };
  for (const field of csvFields(text)) {
    const [name, value] = nameAndValue(field);
    if (name.trim() !== name) {
      throw new Error(`invalid option '${name.trim()}' in '${field}': option should not have whitespace`);
    }
    if (value !== undefined && value.trim() === '') throw new Error(`invalid value for '${name}': value is empty`);
    if (value !== undefined && value.trim() !== value) {
      throw new Error(`invalid value for '${name}' in '${field}': value should not have whitespace`);
    }
    const key = name.toLowerCase();
    if (value === undefined && !SWITCHES.includes(key)) {
      throw new Error(`invalid field '${field}' must be a key=value pair`);
    }
    const adds = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (!adds) throw new Error(`unknown option '${key}' in '${field}'`);
    spec = { ...spec, ...adds(value ?? 'true', key, spec) };
  }
  check(spec);
  return spec;
}

const SWITCHES = ['readonly', 'ro', 'volume-nocopy', 'bind-nonrecursive', 'bind-create-src'];

const KEYS: Readonly<Record<string, Adds>> = {
  type: (value) => ({ type: value.toLowerCase() }),
  ...names(['source', 'src'], (value) => ({ source: hostPath(value) })),
  ...names(['target', 'dst', 'destination'], (value) => ({ target: value })),
  ...names(['readonly', 'ro'], (value, key) => ({ readOnly: boolean(key, value) })),
  consistency: () => ({}), // it means something on macOS alone
  'bind-propagation': of('bind', (value) => ({ propagation: value.toLowerCase() })),
  'bind-nonrecursive': of('bind', (value, key) => ({ nonRecursive: boolean(key, value) })),
  'bind-recursive': (value, ...more) => (value === 'enabled' ? {} : of('bind', recursive)(value, ...more)),
  'bind-create-src': of('bind', (value, key) => ({ createSource: boolean(key, value) })),
  'volume-nocopy': of('volume', (value, key) => ({ noCopy: boolean(key, value) })),
  'volume-label': of('volume', (value, _, { volume }) => ({ labels: { ...volume?.labels, ...pair(value) } })),
  'volume-driver': of('volume', (value) => ({ driver: value })),
  'volume-opt': of('volume', (value, _, { volume }) => ({
    driverOptions: { ...volume?.driverOptions, ...pair(value) },
  })),
  'volume-subpath': of('volume', (value) => ({ subpath: value })),
  'image-subpath': of('image', (value) => ({ subpath: value })),
  'tmpfs-size': of('tmpfs', (value, key) => ({ size: bytes(key, value) })),
  'tmpfs-mode': of('tmpfs', (value, key) => ({ mode: octal(key, value) })),
};

function names(all: readonly string[], adds: Adds): Record<string, Adds> {
  return Object.fromEntries(all.map((name) => [name, adds]));
}

/** For an option of one type of mounts. */
function of<K extends 'bind' | 'volume' | 'tmpfs' | 'image'>(
  kind: K,
  adds: (value: string, key: string, before: MountSpec) => NonNullable<MountSpec[K]>,
): Adds {
  return (value, key, before) => ({ [kind]: { ...before[kind], ...adds(value, key, before) } });
}

function recursive(value: string, key: string): NonNullable<MountSpec['bind']> {
  switch (value) {
    case 'disabled':
      return { nonRecursive: true };
    case 'writable':
      return { readOnlyNonRecursive: true };
    case 'readonly':
      return { readOnlyForceRecursive: true };
    default:
      throw new Error(`invalid value for ${key}: ${value} (must be "enabled", "disabled", "writable", or "readonly")`);
  }
}

/** What doesn't go together. @throws {Error} */
function check({ type, readOnly, ...spec }: MountSpec): void {
  for (const kind of ['bind', 'volume', 'image', 'tmpfs'] as const) {
    if (spec[kind] && type !== kind) throw new Error(`cannot mix '${kind}-*' options with mount type '${type}'`);
  }
  const { readOnlyNonRecursive, readOnlyForceRecursive, propagation } = spec.bind ?? {};
  const wants = (way: string, what: string) =>
    new Error(`option 'bind-recursive=${way}' requires '${what}' to be specified in conjunction`);
  if (readOnlyNonRecursive && !readOnly) throw wants('writable', 'readonly');
  if (readOnlyForceRecursive && !readOnly) throw wants('readonly', 'readonly');
  if (readOnlyForceRecursive && propagation !== 'rprivate') throw wants('readonly', 'bind-propagation=rprivate');
}

function boolean(key: string, value: string): boolean {
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new Error(
    `invalid value for '${key}': invalid boolean value (${JSON.stringify(value)}): must be one of "true", "1", "false", or "0" (default "true")`,
  );
}

function bytes(key: string, value: string): number {
  try {
    return ramInBytes(value, key);
  } catch {
    throw new Error(`invalid value for ${key}: ${value}`);
  }
}

function octal(key: string, value: string): number {
  if (/^[0-7]+$/.test(value) && Number.parseInt(value, 8) < 2 ** 32) return Number.parseInt(value, 8);
  throw new Error(`invalid value for ${key}: ${value}`);
}

function pair(text: string): Record<string, string> {
  const [name, value = ''] = nameAndValue(text);
  return name === '' ? {} : { [name]: value };
}
