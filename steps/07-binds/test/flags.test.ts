import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseMount } from '../src/flags/mount-flag.ts';
import { assertReaches } from '../src/flags/propagation.ts';
import { withSource } from '../src/flags/source.ts';
import { mountOf } from '../src/flags/spec.ts';
import { parseTmpfs } from '../src/flags/tmpfs-flag.ts';
import { parseVolumesFrom } from '../src/flags/volumes-from.ts';
import type { Bind, Mount, MountSpec } from '../src/mount.ts';
import { options, read } from '../src/options.ts';
import { mergeTmpfs } from '../src/tmpfs.ts';
import { parseVolume } from '../src/volume-flag.ts';
import { volumeName } from '../src/volumes/store.ts';
import mounts from './cases/mounts.json' with { type: 'json' };
import volumes from './cases/volumes.json' with { type: 'json' };

const folder = mkdtempSync(join(tmpdir(), 'boxstep-flags-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What flags come to. */
function container(...words: string[]): ReturnType<typeof read> {
  const command = options(new Command().exitOverride().helpOption(false)).parse(words, { from: 'user' });
  return read(command.opts(), [folder, 'true']);
}

/** A mount as docker's daemon has it. */
function asDocker(mount: Mount) {
  const { type, target, readOnly } = mount;
  return {
    type,
    source: mount.type === 'bind' ? mount.source : '',
    destination: target,
    name: mount.type === 'volume' ? mount.name : '',
    rw: !readOnly,
    ...(mount.type === 'bind' && { propagation: mount.propagation }),
  };
}

describe('-v, as docker reads it', () => {
  test.each(Object.entries(volumes.ParseMountRaw))('%j', (spec, expected) => {
    const parse = () => asDocker(mountOf(parseVolume(spec)));
    if (typeof expected === 'string') expect(parse).toThrow();
    else expect(parse()).toEqual(expected);
  });

  test.each(
    Object.entries(volumes.ParseMountRaw).flatMap(([spec, error]) =>
      typeof error === 'string' ? [[spec, error]] : [],
    ),
  )('%j is refused in its words', (spec, error) => {
    expect(() => container('-v', spec)).toThrow(error);
  });

  test('a path that begins with a dot is seen from where the command was typed', () => {
    vi.stubEnv('INIT_CWD', folder); // pnpm calls us from elsewhere
    onTestFinished(() => void vi.unstubAllEnvs());
    const source = join(realpathSync(folder), 'x');
    expect(container('-v', './x:/x').mounts).toMatchObject([{ type: 'bind', source }]);
  });

  test.each([
    ['a/b:/x', 'includes invalid characters for a local volume name'],
    ['a:/x', 'volume name is too short, names should be at least two alphanumeric characters'],
    ['/:/..', "destination can't be '/'"],
    ['/tmp::ro', 'field Target must not be empty'],
    ['/tmp:/x:nocopy', 'field VolumeOptions must not be specified'],
    ['/tmp:/x:,', 'invalid mode: ,'],
  ])('%s: %s', (spec, error) => {
    expect(() => container('-v', spec)).toThrow(error);
  });

  test('what is said twice in the same words is one mount', () => {
    expect(container('-v', 'data:/x', '-v', 'data:/x', '-v', '/tmp:/y', '-v', '/tmp:/y').mounts).toHaveLength(2);
    expect(() => container('-v', 'data:/x', '-v', 'other:/x')).toThrow('Duplicate mount point: /x');
  });

  test('z and Z are read, and have no effect', () => {
    expect(container('-v', '/tmp:/x:ro,Z').relabel).toBe(true);
    expect(container('-v', '/tmp:/x,z').relabel).toBe(false);
  });
});

/** What the daemon is given, of what `--mount` says. */
function asSent({ type, source, target, readOnly, bind, volume, tmpfs, image }: MountSpec) {
  const driver = volume &&
    (volume.driver !== undefined || volume.driverOptions) && {
      ...(volume.driver !== undefined && { Name: volume.driver }),
      ...(Object.keys(volume.driverOptions ?? {}).length > 0 && { Options: volume.driverOptions }),
    };
  return {
    Type: type,
    ...(source !== undefined && { Source: source }),
    ...(target !== undefined && { Target: target }),
    ...(readOnly && { ReadOnly: true }),
    ...(bind && {
      BindOptions: {
        ...(bind.propagation && { Propagation: bind.propagation }),
        ...(bind.nonRecursive && { NonRecursive: true }),
        ...(bind.readOnlyNonRecursive && { ReadOnlyNonRecursive: true }),
        ...(bind.readOnlyForceRecursive && { ReadOnlyForceRecursive: true }),
        ...(bind.createSource && { CreateMountpoint: true }),
      },
    }),
    ...(volume && {
      VolumeOptions: {
        ...(volume.noCopy && { NoCopy: true }),
        ...(Object.keys(volume.labels ?? {}).length > 0 && { Labels: volume.labels }),
        ...(driver && { DriverConfig: driver }),
      },
    }),
    ...(tmpfs && {
      TmpfsOptions: { ...(tmpfs.size && { SizeBytes: tmpfs.size }), ...(tmpfs.mode && { Mode: tmpfs.mode }) },
    }),
    ...(image && { ImageOptions: { Subpath: image.subpath } }),
  };
}

describe('--mount, as docker reads it', () => {
  const cwd = process.env.INIT_CWD ?? process.cwd();

  test.each(Object.entries(mounts['MountOpt.Set']))('%j', (text, expected) => {
    if (typeof expected === 'string') expect(() => parseMount(text)).toThrow(expected);
    else {
      const there = (path: string) => path.replace('$CWD/..', dirname(cwd)).replace('$CWD', cwd);
      const sent = 'Source' in expected ? { ...expected, Source: there(expected.Source ?? '') } : expected;
      expect(asSent(parseMount(text))).toEqual(sent);
    }
  });

  test.each([
    ['a field in quotation marks may hold commas', '"source=/a,b",target=/x', { source: '/a,b' }],
    ['and quotation marks', '"source=/a""b",target=/x', { source: '/a"b' }],
    [
      'bind-nonrecursive is the older name of bind-recursive=disabled',
      'type=bind,source=/a,target=/x,bind-nonrecursive',
      { bind: { nonRecursive: true } },
    ],
    ['a key may be in capitals', 'TYPE=tmpfs,Target=/x', { type: 'tmpfs', target: '/x' }],
    ['bind-recursive=enabled says nothing', 'source=a,target=/x,bind-recursive=enabled', { type: 'volume' }],
  ])('%s', (_, text, expected) => {
    expect(parseMount(text)).toMatchObject(expected);
  });

  test.each([
    ['type=bind,source=/a,target=/x,bind-recursive=all', 'invalid value for bind-recursive: all'],
    ['type=volume,a"b=c', 'there is a quote in'],
    ['toString=1', "unknown option 'tostring'"],
  ])('%s: %s', (text, error) => {
    expect(() => parseMount(text)).toThrow(error);
  });
});

describe('what a mount may be', () => {
  test.each(volumes.ParseMountSpec as [Record<string, string | boolean>, object | string][])('%j', (spec, expected) => {
    const FILE = join(folder, 'file');
    writeFileSync(FILE, '');
    const source = spec.Source === '$FILE' ? FILE : (spec.Source as string | undefined);
    const parse = () => {
      const mount = mountOf({
        ...(source && { source }),
        type: spec.Type as string,
        target: spec.Target as string,
        readOnly: spec.ReadOnly === true,
      });
      return asDocker(mount.type === 'bind' ? withSource(mount) : mount);
    };
    if (spec.Type === 'image') expect(parse).toThrow('an image as a mount is not in this course');
    else if (typeof expected === 'string') expect(parse).toThrow(expected);
    else
      expect(parse()).toEqual({
        ...expected,
        ...('source' in expected && expected.source === '$FILE' && { source: realpathSync(FILE) }),
      });
  });

  test.each([
    [{ type: 'tmpfs', target: '/x', source: '/y' }, 'field Source must not be specified'],
    [{ type: 'bind', target: '/x' }, 'field Source must not be empty'],
    [{ type: 'bind', source: 'x', target: '/x' }, "invalid mount path: 'x' mount path must be absolute"],
    [{ type: 'bind', source: '/x', target: '/x', bind: { propagation: 'both' } }, 'invalid propagation mode: both'],
    [{ type: 'volume', source: 'data', target: '/x', volume: { driver: 'nfs' } }, 'plugin "nfs" not found'],
    [
      { type: 'volume', source: 'data', target: '/x', volume: { driverOptions: { o: 'size=1m' } } },
      'create data: missing required option: "device"',
    ],
    [
      { type: 'volume', target: '/x', volume: { driverOptions: { foo: '1' } } },
      'create a volume without a name: invalid option: "foo"',
    ],
    [{ type: 'volume', target: '/x', volume: { subpath: 'a' } }, 'when using anonymous volumes'],
    [{ type: 'volume', source: 'data', target: '/x', volume: { subpath: '../a' } }, 'relative path within the volume'],
    [{ type: 'volume', source: 'data', target: '/x', volume: { subpath: '/a' } }, 'relative path within the volume'],
  ])('%j: %s', (spec, error) => {
    expect(() => mountOf(spec)).toThrow(error);
  });

  test('volume-opt says what a volume is, as volume create -o does', () => {
    const typed = 'src=data,dst=/x,volume-opt=type=tmpfs,volume-opt=o=size=1m,volume-opt=device=tmpfs';
    const options = { device: 'tmpfs', o: 'size=1m', type: 'tmpfs' };
    expect(mountOf(parseMount(typed))).toMatchObject({ type: 'volume', name: 'data', options });
    expect(mountOf(parseMount('src=data,dst=/x'))).not.toHaveProperty('options');
  });

  test('a link in a source is followed when the command is read', () => {
    symlinkSync('/etc', join(folder, 'link'));
    expect(withSource(mountOf({ type: 'bind', source: join(folder, 'link'), target: '/x' }) as Bind).source).toBe(
      '/etc',
    );
    const missing = mountOf({
      type: 'bind',
      source: join(folder, 'link/no/such'),
      target: '/x',
      bind: { createSource: true },
    });
    expect(withSource(missing as Bind).source).toBe('/etc/no/such');
  });
});

describe('--tmpfs', () => {
  const all = volumes.ConvertTmpfsOptions as [
    { SizeBytes?: number; Mode?: number; Options?: string[][] },
    boolean,
    string | object,
  ][];
  const made = all.filter(([opt]) => !opt.Options); // no flag of docker run makes the others

  test.each(made)('%j, read-only %s, is %j', (opt, readOnly, expected) => {
    const { SizeBytes: size, Mode: mode } = opt;
    const made = mountOf({
      type: 'tmpfs',
      target: '/x',
      readOnly,
      tmpfs: { ...(size && { size }), ...(mode && { mode }) },
    });
    expect([...(made.readOnly ? ['ro'] : []), ...(made.type === 'tmpfs' ? made.options : [])].join(',')).toBe(expected);
  });

  test('of two options about the same thing the last counts', () => {
    expect([...mergeTmpfs(['noexec', 'size=1m', 'ro', 'exec', 'size=2m', 'defaults']).values()]).toEqual([
      'exec',
      'size=2m',
      'ro',
    ]);
  });

  test.each([
    ['/run:foo', 'invalid tmpfs option "foo"'],
    ['/run:size', 'invalid tmpfs option "size"'],
    ['/run:toString', 'invalid tmpfs option'],
    ['/', "destination can't be '/'"],
    ['run', 'mount path must be absolute'],
  ])('%s: %s', (text, error) => {
    expect(() => parseTmpfs(text)).toThrow(error);
  });
});

describe('--volumes-from', () => {
  test('takes a container, and whether that may only be read', () => {
    expect(parseVolumesFrom('web')).toEqual({ name: 'web', readOnly: false });
    expect(parseVolumesFrom('web:ro')).toEqual({ name: 'web', readOnly: true });
    expect(parseVolumesFrom('web:rw,z')).toEqual({ name: 'web', readOnly: false });
  });

  test.each([
    [':ro', 'malformed volumes-from specification'],
    ['', 'malformed volumes-from specification'],
    ['web:rx', 'invalid mode: rx'],
    ['web:shared', 'invalid mode: shared'],
    ['web:nocopy', 'invalid mode: nocopy'],
    ['web:ro:rw', 'invalid mode: ro:rw'],
  ])('%s: %s', (spec, error) => {
    expect(() => parseVolumesFrom(spec)).toThrow(error);
  });
});

test('a volume’s name is one that docker takes', () => {
  for (const name of ['data', '0.9_-', 'a'.repeat(255)]) expect(volumeName(name)).toBe(name);
  for (const name of ['', 'a', '-a', '.a', 'a b', 'a/b', 'ä1', 'a'.repeat(256)])
    expect(() => volumeName(name)).toThrow();
});

test('a mount that is to reach the host, or the host it, must lie on one that is shared', () => {
  const mountinfo = [
    '1 0 0:1 / / rw shared:1 - ext4 /dev/vda rw',
    '2 1 0:2 / /srv rw - tmpfs tmpfs rw',
    '3 2 0:3 / /srv/a\\040b rw master:7 - tmpfs tmpfs rw',
    '4 1 0:4 / /over rw shared:2 - tmpfs tmpfs rw',
    '5 4 0:5 / /over rw - tmpfs tmpfs rw',
  ].join('\n');
  const at = (source: string, propagation: Bind['propagation']) => () =>
    assertReaches(mountOf({ type: 'bind', source, target: '/x', bind: { propagation } }), `${mountinfo}\n`);
  expect(at('/etc', 'rshared')).not.toThrow();
  expect(at('/srv', 'rprivate')).not.toThrow();
  expect(at('/srv/x', 'shared')).toThrow('path /srv/x is mounted on /srv but it is not a shared mount');
  expect(at('/srv/x', 'rslave')).toThrow('path /srv/x is mounted on /srv but it is not a shared or slave mount');
  expect(at('/srvx', 'slave')).not.toThrow();
  expect(at('/srv/a b/c', 'slave')).not.toThrow();
  expect(at('/srv/a b/c', 'shared')).toThrow('not a shared mount');
  expect(at('/over/x', 'shared')).toThrow('not a shared mount');
});
