import { group, seeded, task } from 'grader';
import {
  AT_FDCWD,
  type Call,
  MNT_DETACH,
  MS_PRIVATE,
  MS_REC,
  mount,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openTree,
  rmdir,
  symlink,
  tolerate,
  umask,
  umount2,
  unlink,
} from 'shared-native';
import { type After, directory, file, link, type RunOptions, runIn, type State, type Tree } from 'shared-native/model';
import { pivotInto } from 'step-06';
import { expect, test } from 'vitest';
import { at, image, machineFor, steppedOver, stopped } from '../../../test/judge.ts';
import { attach, openRoot, type PlaceKind, placeAt } from '../src/place.ts';

task(
  4,
  {
    points: 30,
    hints: [
      'Go down name by name: make it in the directory that is open already, mkdirat(above, name, 0o755), and EEXIST is fine; then open what is there now.',
      'openat2(root, path, { flags: O_PATH | O_CLOEXEC, resolve: RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS }) walks a path as if the root were the root of everything. The path begins at the root each time: a link in it may lead to elsewhere in the root.',
      'The last one of a file is mknodat(above, name, S_IFREG | 0o755). What is opened on the way is closed again with close(above), the root and the last one not. O_DIRECTORY says at once if something is in the way that is no directory.',
    ],
  },
  () => {
    const word = () => seeded('task 4').word();
    const SECRET = '/srv/secret';
    const HOSTS = ['secret', 'data', 'file', 'my image'];

    interface Prepared {
      readonly state: State;
      readonly root: number;
      readonly sources: Readonly<Record<PlaceKind, number>>;
    }

    /**
     * A process that is left with its container's root, and has one way out: its working directory is the host's. It has
     * opened the root, and a directory and a file of the host's that are to be attached.
     */
    const prepared = (tree: Tree): Prepared => {
      const rootfs = '/srv/my image';
      const { setup, enter } = pivotInto(rootfs);
      const host = { [SECRET]: directory(), '/srv/data': directory(), '/srv/data/from': 'host', '/srv/file': 'host' };
      const state = machineFor({ tree: { ...host, ...image(rootfs, { '/proc': directory(), ...tree }) } });
      const entered = [mount(null, '/', null, MS_REC | MS_PRIVATE), ...setup, ...enter, umask(0)];
      const hosts = ['srv/data', 'srv/file'].map((path) =>
        openTree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC),
      );
      const inside = [mount('proc', '/proc', 'proc', 0), umount2('.', MNT_DETACH), openRoot()];
      const after = runIn(state, [...entered, ...hosts, ...inside]);
      expect(stopped(after)).toBeUndefined();
      const [data = -1, hostFile = -1, , , root = -1] = after.answers.slice(entered.length).map(({ result }) => result);
      return { state, root, sources: { directory: data, file: hostFile } };
    };

    /** The calls that open the place. */
    const opening = ({ root }: Prepared, path: string, kind: PlaceKind) => {
      const calls = placeAt(root, path, kind);
      expect(calls.length, 'there must be a call that opens the place').toBeGreaterThan(0);
      return calls;
    };
    /** Those, and what is there afterwards. */
    const opened = (tree: Tree, path: string, kind: PlaceKind = 'directory') => {
      const on = prepared(tree);
      expect(stopped(runIn(on.state, opening(on, path, kind))), 'a call failed').toBeUndefined();
      return on.state;
    };
    const attaching = ({ sources }: Prepared, calls: readonly Call[], kind: PlaceKind) =>
      attach(sources[kind], calls.at(-1) as Call);
    const run = (on: Prepared, path: string, kind: PlaceKind = 'directory', options: RunOptions = {}): After => {
      const calls = opening(on, path, kind);
      return runIn(on.state, [...calls, ...attaching(on, calls, kind)], options);
    };
    const made = (tree: Tree, path: string, kind: PlaceKind = 'directory') => {
      const after = run(prepared(tree), path, kind);
      expect(stopped(after), 'a call failed').toBeUndefined();
      return after.state;
    };
    /** What there is in a directory. */
    const entries = (state: State, path: string) => [...(at(state, path).inode?.entries.keys() ?? [])];

    group('a place that is there afterwards', 9, () => {
      test.each([['/data'], ['/var/lib/db'], [`/${word()}/${word()}/a/b`]])(
        'directories are made where they are missing: %s',
        (path) => {
          const state = made({}, path);
          expect(at(state, path).mountPoint, 'the last call opens the place').toBe(path);
          expect(at(state, `${path}/from`).text).toBe('host');
          const found = opened({}, path);
          const all = path.split('/').map((_, index, names) => names.slice(0, index + 1).join('/'));
          for (const one of all.slice(1)) {
            expect(at(found, one), `${one} belongs to root, with mode 755`).toMatchObject({ mode: 0o755, uid: 0 });
          }
        },
      );

      test.each([['/etc/app.conf'], [`/${word()}.sock`], ['/run/a/b/file']])(
        'and a file for what is no directory: %s',
        (path) => {
          expect(at(opened({}, path, 'file'), path), 'an empty file').toMatchObject({
            type: 'file',
            mode: 0o755,
            text: '',
          });
          expect(at(made({}, path, 'file'), path), 'it is the host’s that is seen there').toMatchObject({
            text: 'host',
          });
        },
      );

      test('existing files stay as they are', () => {
        const mine = file('mine', { mode: 0o600 });
        const there = { '/a': directory({ mode: 0o711, uid: 7 }), '/a/b': directory({ mode: 0o700 }), '/f': mine };
        const state = opened(there, '/a/b');
        expect(at(state, '/a')).toMatchObject({ mode: 0o711, uid: 7 });
        expect(at(state, '/a/b')).toMatchObject({ mode: 0o700 });
        expect(at(opened(there, '/f', 'file'), '/f')).toMatchObject({ mode: 0o600, text: 'mine' });
        expect(at(made(there, '/a/b'), '/a/b/from').text).toBe('host');
      });

      test('everything it opened on the way is closed again', () => {
        for (const path of ['/a', '/a/b/c/d']) {
          const before = prepared({}).state.process.descriptors.size;
          const why = 'the place stays open, and the root; nothing else';
          expect(opened({}, path).process.descriptors.size, why).toBe(before + 1);
          expect(leftOpen(opened({}, path)), 'the root is still needed').toBe(true);
        }
        function leftOpen({ process }: State): boolean {
          return [...process.descriptors.values()].some(({ file }) => file.place.inode === process.root.inode);
        }
      });

      test.each<[string, Tree, string]>([
        ['a file in the way', { '/a': 'file' }, '/a/b'],
        ['a file where the directory is to be', { '/a': 'file' }, '/a'],
        ['links in a circle', { '/a': link('/b'), '/b': link('a') }, '/a/x'],
      ])('what can’t be stops the program: %s', (_, tree, path) => {
        expect(run(prepared(tree), path).end).toBe('failed');
      });
    });

    group('links', 12, () => {
      const srv = { '/srv': directory() };
      test.each<[string, Tree, string, string]>([
        ['to a place in the root', { '/data': link('/srv/in'), '/srv/in': directory() }, '/data', '/srv/in'],
        ['a relative one', { '/var/data': link('../srv/in'), '/srv/in': directory() }, '/var/data', '/srv/in'],
        ['on the way', { '/data': link('/srv'), '/srv/x': directory() }, '/data/x', '/srv/x'],
        ['on the way to what is to be made', { '/data': link('/srv'), ...srv }, '/data/x/y', '/srv/x/y'],
        ['with many dots', { '/data': link('../../../../srv'), ...srv }, '/data/secret', '/srv/secret'],
        ['to the root', { '/data': link('/') }, '/data/x', '/x'],
        ['one to another', { '/a': link('b'), '/b': link('/c/d'), '/c/d': directory() }, '/a/e', '/c/d/e'],
      ])('lead there: %s', (_, tree, path, leads) => {
        const state = made(tree, path);
        const why = 'a path is walked as if the root were the root of everything';
        expect(at(state, leads).mountPoint, why).toBe(leads);
        expect(at(state, `${leads}/from`).text).toBe('host');
        expect(entries(state, `.${SECRET}`), 'and nothing of the host’s changes').toEqual([]);
      });

      test.each<[string, Tree, string, PlaceKind]>([
        ['the place itself', { '/data': link('/proc/self/cwd/srv/secret') }, '/data', 'directory'],
        ['on the way to it', { '/data': link('/proc/self/cwd/srv') }, '/data/secret', 'directory'],
        ['on the way to what is missing', { '/data': link('/proc/self/cwd/srv/secret') }, '/data/new', 'directory'],
        ['and a file', { '/data': link('/proc/self/cwd/srv/secret') }, '/data/new', 'file'],
        ['a relative one', { '/var/data': link('../proc/self/cwd/srv/secret') }, '/var/data/new', 'directory'],
        ['by another', { '/a': link('/b'), '/b': link('/proc/self/cwd/srv/secret') }, '/a/x/y', 'directory'],
      ])('of /proc lead nowhere: %s', (_, tree, path, kind) => {
        const { state, end } = run(prepared(tree), path, kind);
        const why = '/proc/self/cwd is the host’s root here: RESOLVE_NO_MAGICLINKS, before anything is made';
        expect(end, why).toBe('failed');
        expect(entries(state, `.${SECRET}`), why).toEqual([]);
        expect(entries(state, './srv'), why).toEqual(HOSTS);
      });
    });

    group('what is changed meanwhile', 6, () => {
      const OUT = '/proc/self/cwd/srv/secret';
      const LINKS = [OUT, `../../../..${OUT}`, '/proc/self/root', '/proc/self/cwd'];
      test.each<[string, PlaceKind]>([
        ['/data/sub', 'directory'],
        ['/a/b/c/d', 'directory'],
        ['/run/file', 'file'],
      ])('a link that comes in between leads nowhere: %s, a %s', (path, kind) => {
        const all = path.split('/').map((_, index, names) => names.slice(0, index + 1).join('/'));
        const many = opening(prepared({}), path, kind).length;
        for (const victim of all.slice(1)) {
          for (const to of LINKS) {
            for (let nth = 0; nth <= many; nth++) {
              const on = prepared({});
              const { state } = on;
              const calls = opening(on, path, kind);
              const swap = [rmdir(victim), unlink(victim), symlink(to, victim)].map((call) => tolerate(call, 'any'));
              const program = [...calls.slice(0, nth), ...swap, ...calls.slice(nth), ...attaching(on, calls, kind)];
              const { end } = runIn(state, program);
              const what = `${victim} became a link to ${to} before call ${nth + 1}`;
              expect(entries(state, `.${SECRET}`), `${what}, and something was made on the host`).toEqual([]);
              expect(entries(state, './srv'), what).toEqual(HOSTS);
              if (end !== 'done') continue;
              const last = [...state.mounts].findLast((one) => one.namespace === state.process.namespaces.mnt);
              expect(last?.parent, `${what}, and it was mounted outside`).toBe(state.process.root.mount);
            }
          }
        }
      });
    });

    group('no error is passed over', 3, () => {
      test.each<[string, PlaceKind]>([
        ['/a/b/c', 'directory'],
        ['/a/file', 'file'],
      ])('a call that fails stops the program, or it comes to the same end: %s, a %s', (path, kind) => {
        const over = steppedOver(
          opening(prepared({}), path, kind),
          (options) => run(prepared({}), path, kind, options),
          (state) => expect(at(state, path).mountPoint).toBe(path),
        );
        expect(over, 'tolerate() is for an error after which all is as it should be').toEqual([]);
      });
    });
  },
);
