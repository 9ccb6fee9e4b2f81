import { group, seeded, task } from 'grader';
import {
  AT_FDCWD,
  type Call,
  MOVE_MOUNT_F_EMPTY_PATH,
  MS_PRIVATE,
  MS_REC,
  mkdir,
  mount,
  moveMount,
  O_CLOEXEC,
  O_CREAT,
  O_PATH,
  O_WRONLY,
  openat,
} from 'shared-native';
import {
  type After,
  asParent,
  directory,
  type Machine,
  type RunOptions,
  runIn,
  type State,
  wouldFail,
} from 'shared-native/model';
import { expect, test } from 'vitest';
import { at, machineFor, steppedOver, stopped } from '../../../test/judge.ts';
import { copyOf, type Manner, sourceAt } from '../src/tree.ts';

const host = asParent;
const tmpfs = (path: string): Call => mount('tmpfs', path, 'tmpfs', 0);

const PLAIN: Manner = { readOnly: false, readOnlyBelow: true, recursive: true, propagation: 'rprivate' };

task(
  3,
  {
    points: 30,
    hints: [
      'openTree(place, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH) copies the mount that the descriptor is on; with AT_RECURSIVE as well, also those below it.',
      'mountSetattr(tree, "", AT_EMPTY_PATH, { attr_set: MOUNT_ATTR_RDONLY }) changes the one mount, and with AT_EMPTY_PATH | AT_RECURSIVE all of the tree. Change the tree, not the place: that is the host’s own mount.',
      '{ propagation: MS_PRIVATE }, MS_SLAVE or MS_SHARED goes the same way. For "private", first the whole tree becomes slaves, then its top private. A copy of a shared mount is shared already, and its peer.',
    ],
  },
  () => {
    const word = () => seeded('task 3').word();
    /** A machine with a tmpfs in the source, and another in that. */
    const machines = (): [string, string, Machine][] => [
      ['a directory', '/srv/data', {}],
      ['deep down', `/var/lib/${word()}/data`, {}],
      ['one that is a mount itself', `/mnt/${word()}`, {}],
    ];
    const prepared = (source: string, on: Machine = {}): State => {
      const mounts = source.startsWith('/mnt/') ? [{ type: 'tmpfs', at: source }] : [];
      const state = machineFor({ ...on, tree: { [source]: directory(), '/target': directory() }, mounts });
      const directories = (...names: string[]) => names.map((name) => mkdir(`${source}/${name}`));
      const below = [
        tmpfs(`${source}/sub`),
        ...directories('sub/later', 'sub/in', 'sub/deep'),
        tmpfs(`${source}/sub/deep`),
      ];
      const made = [...directories('later', 'in', 'sub'), ...below];
      expect(stopped(host(state, () => runIn(state, made)))).toBeUndefined();
      return state;
    };
    /** The tree is made of a place that is open; then all is private, as step 1 has it; then it is attached at /target. */
    const run = (manner: Partial<Manner>, source = '/srv/data', on: Machine = {}, options: RunOptions = {}): After => {
      const state = prepared(source, on);
      const place = runIn(state, [openat(AT_FDCWD, source, O_PATH | O_CLOEXEC)]).answers[0]?.result ?? -1;
      const { tree, calls } = copyOf(place, { ...PLAIN, ...manner });
      const alone = mount(null, '/', null, MS_REC | MS_PRIVATE);
      const attach = moveMount(tree, '', AT_FDCWD, '/target', MOVE_MOUNT_F_EMPTY_PATH);
      return runIn(state, [...calls, alone, attach], options);
    };
    const made = (manner: Partial<Manner>, source?: string, on?: Machine): State => {
      const after = run(manner, source, on);
      expect(stopped(after), 'a call failed').toBeUndefined();
      return after.state;
    };
    const writes = (state: State, path: string) =>
      wouldFail(state, openat(AT_FDCWD, `${path}/new`, O_WRONLY | O_CREAT, 0o600)) ?? 'written';

    /** What does one side see of what the other mounts in it later? */
    const across = (state: State, source: string) => {
      const isSeen = (seen: string) => at(state, seen).mountPoint === seen;
      const below = at(state, '/target/sub').mountPoint === '/target/sub' ? [tmpfs('/target/sub/in')] : [];
      expect(stopped(runIn(state, [tmpfs('/target/in'), ...below]))).toBeUndefined();
      const out = host(state, () => {
        const seen = { out: isSeen(`${source}/in`), outBelow: isSeen(`${source}/sub/in`) };
        expect(stopped(runIn(state, [tmpfs(`${source}/later`), tmpfs(`${source}/sub/later`)]))).toBeUndefined();
        return seen;
      });
      return { in: isSeen('/target/later'), inBelow: isSeen('/target/sub/later'), ...out };
    };

    group('the same files at a second place', 7, () => {
      test.each(machines())('with what is mounted below: %s', (_, source, on) => {
        const state = made({}, source, on);
        const files = source.startsWith('/mnt/') ? 'tmpfs' : 'ext4';
        expect(at(state, '/target'), 'the tree is a copy of the mount at the place').toMatchObject({
          filesystem: files,
        });
        expect(at(state, '/target').inode?.ino).toBe(at(state, source).inode?.ino);
        for (const below of ['/sub', '/sub/deep']) {
          const found = at(state, `/target${below}`);
          expect(found.filesystem, 'AT_RECURSIVE copies the mounts below it as well').toBe('tmpfs');
          expect(found.inode?.ino).toBe(at(state, source + below).inode?.ino);
        }
      });

      test.each(machines())('without it, if it isn’t to be recursive: %s', (_, source, on) => {
        const state = made({ recursive: false }, source, on);
        expect(at(state, '/target').inode?.ino).toBe(at(state, source).inode?.ino);
        expect(at(state, '/target/sub').mountPoint, 'nothing is mounted there then').toBe('/target');
      });

      test('and may be written at both', () => {
        const state = made({});
        expect(['', '/sub', '/sub/deep'].map((below) => writes(state, `/target${below}`))).toEqual(
          Array(3).fill('written'),
        );
      });
    });

    group('read-only', 10, () => {
      test.each(machines())('goes for all that is mounted below: %s', (_, source, on) => {
        const state = made({ readOnly: true }, source, on);
        for (const below of ['', '/sub', '/sub/deep']) {
          const why = 'to make a mount read-only leaves those below it as they are: AT_RECURSIVE goes to the bottom';
          expect(writes(state, `/target${below}`), why).toBe('EROFS');
        }
      });

      test('or for the top alone, if that is asked for', () => {
        for (const state of [
          made({ readOnly: true, readOnlyBelow: false }),
          made({ readOnly: true, readOnlyBelow: false, recursive: true, propagation: 'rslave' }),
        ]) {
          expect(writes(state, '/target')).toBe('EROFS');
          expect(writes(state, '/target/sub'), 'readOnlyBelow is false').toBe('written');
        }
      });

      test('and for a mount without those below it', () => {
        expect(writes(made({ readOnly: true, recursive: false }), '/target')).toBe('EROFS');
      });

      test.each(machines())('and never for the host’s own: %s', (_, source, on) => {
        const state = made({ readOnly: true }, source, on);
        for (const below of ['', '/sub', '/sub/deep']) {
          const why = 'change the tree, which is a copy: the mount at the place is the host’s';
          expect(
            host(state, () => writes(state, source + below)),
            why,
          ).toBe('written');
          expect(writes(state, source + below), why).toBe('written');
        }
      });

      test('with any propagation', () => {
        for (const propagation of ['private', 'slave', 'rslave', 'shared', 'rshared'] as const) {
          const state = made({ readOnly: true, propagation });
          expect([writes(state, '/target'), writes(state, '/target/sub')], propagation).toEqual(['EROFS', 'EROFS']);
        }
      });
    });

    group('what is mounted later', 9, () => {
      const reaches = (manner: Partial<Manner>, source: string, on: Machine) =>
        across(made(manner, source, on), source);

      test.each(machines())('gets across as it should: %s', (_, source, on) => {
        const as = (propagation: Manner['propagation']) => reaches({ propagation }, source, on);
        const all = (one: boolean) => ({ in: one, inBelow: one, out: one, outBelow: one });
        const inwards = { ...all(true), out: false, outBelow: false };
        expect(as('rprivate'), 'rprivate: nothing does, either way').toEqual(all(false));
        const why = 'private: nothing at the top, but the mounts below are slaves';
        expect(as('private'), why).toEqual({ ...all(false), inBelow: true });
        expect(as('rslave'), 'rslave: the host’s mounts appear inside').toEqual(inwards);
        expect(as('slave'), 'slave: the host’s mounts appear inside').toEqual(inwards);
        expect(as('rshared'), 'rshared: both ways').toEqual(all(true));
        expect(as('shared'), 'shared: both ways').toEqual(all(true));
      });

      test('also where it may only be read', () => {
        const [, source, on] = machines()[0] as [string, string, Machine];
        expect(reaches({ readOnly: true, propagation: 'rslave' }, source, on).in).toBe(true);
        expect(reaches({ readOnly: true, propagation: 'rprivate' }, source, on).in).toBe(false);
      });
    });

    group('no error is passed over', 4, () => {
      test.each<Partial<Manner>>([
        ...['rprivate' as const, 'private' as const, 'rslave' as const, 'slave' as const].map((propagation) => ({
          propagation,
        })),
        { propagation: 'rslave', readOnly: true },
        { propagation: 'rshared', readOnly: true, readOnlyBelow: false },
        { propagation: 'shared', recursive: false },
      ])('a call that fails stops the program, or it comes to the same end: %o', (manner) => {
        const source = '/srv/data';
        const end = (state: State) => [
          writes(state, '/target'),
          at(state, '/target/sub').filesystem,
          writes(state, '/target/sub'),
          across(state, source),
        ];
        const { calls } = copyOf(3, { ...PLAIN, ...manner });
        expect(calls.length, 'there must be calls').toBeGreaterThan(0);
        const wanted = end(made(manner, source));
        const over = steppedOver(
          calls,
          (options) => run(manner, source, {}, options),
          (state) => expect(end(state)).toEqual(wanted),
        );
        expect(over, 'tolerate() is for an error after which all is as it should be').toEqual([]);
      });
    });
  },
);

test('a source is opened without following a link: one that somebody has put there since is refused', () => {
  const state = machineFor({
    tree: {
      '/srv/data': directory(),
      '/link': { type: 'symlink', text: '/srv/data' },
      '/srv/link': { type: 'symlink', text: '/srv' },
    },
  });
  const opened = (path: string, below?: string) => runIn(state, sourceAt(path, below).calls).failed?.error;
  expect(opened('/srv/data')).toBeUndefined();
  expect(opened('/link')).toBe('ELOOP');
  expect(opened('/srv/link/data')).toBe('ELOOP');
});

test('a part of a volume is opened below it, however containers have linked it', () => {
  const link = (text: string) => ({ type: 'symlink' as const, mode: 0o777, text });
  const tree = {
    '/v/a/b': directory(),
    '/v/in': link('a/b'),
    '/v/out': link('../etc'),
    '/v/abs': link('/etc'),
    '/v/dots': link('a/../../etc'),
  };
  const opened = (below: string) => runIn(machineFor({ tree }), sourceAt('/v', below).calls).failed?.error;
  expect(['a/b', 'in', 'out', 'abs', 'dots'].map(opened)).toEqual([undefined, undefined, 'EXDEV', 'EXDEV', 'EXDEV']);
});
