import { group, seeded, task } from 'grader';
import { expect, test } from 'vitest';
import type { Bind, Mount, TmpfsMount, VolumeMount } from '../src/mount.ts';
import { type Asked, oneForEachPlace } from '../src/mounts.ts';

const bind = (target: string, source = '/srv'): Bind => ({
  ...{ type: 'bind', source, target, readOnly: false, propagation: 'rprivate', recursive: true, readOnlyBelow: true },
  makeSource: false,
});
const volume = (target: string, name = ''): VolumeMount => ({
  ...{ type: 'volume', name, anonymous: name === '', target, readOnly: false, copy: true, subpath: '', labels: {} },
});
const tmpfs = (target: string, ...options: string[]): TmpfsMount => ({
  type: 'tmpfs',
  target,
  readOnly: false,
  options,
});

const NOTHING: Asked = { fromOthers: [], named: [], tmpfs: [], anonymous: [] };
const asked = (what: Partial<Asked>) => oneForEachPlace({ ...NOTHING, ...what });
const sorted = (mounts: readonly Mount[]) => mounts.toSorted((a, b) => (a.target < b.target ? -1 : 1));

task(
  2,
  {
    points: 15,
    hints: [
      'A Map from target to mount keeps one for each; what is put in later takes the place of what was there. So put in first what counts least.',
      'Look for duplicates among `named` and `tmpfs` before: a Set of targets that are taken.',
      'A place below another has more slashes, so sorting by the number of parts is enough.',
    ],
  },
  () => {
    group('which of several counts', 7, () => {
      test('places that differ all have theirs', () => {
        const all = [bind('/a'), volume('/b', 'data'), tmpfs('/c'), volume('/d'), bind('/e')] as const;
        const made = asked({ named: [all[0], all[1]], tmpfs: [all[2]], anonymous: [all[3]], fromOthers: [all[4]] });
        expect(sorted(made)).toEqual([...all]);
        expect(asked({})).toEqual([]);
      });

      test.each<[string, Partial<Asked>, Mount]>([
        [
          'a named one, before that of another container',
          { named: [bind('/x')], fromOthers: [volume('/x', 'old')] },
          bind('/x'),
        ],
        ['tmpfs, before that of another container', { tmpfs: [tmpfs('/x')], fromOthers: [bind('/x')] }, tmpfs('/x')],
        ['a named one, before an anonymous one', { named: [bind('/x')], anonymous: [volume('/x')] }, bind('/x')],
        ['tmpfs, before an anonymous one', { tmpfs: [tmpfs('/x')], anonymous: [volume('/x')] }, tmpfs('/x')],
        [
          'that of another container, before an anonymous one',
          { fromOthers: [bind('/x')], anonymous: [volume('/x')] },
          bind('/x'),
        ],
        ['of two tmpfs the last', { tmpfs: [tmpfs('/x', 'size=1m'), tmpfs('/x', 'exec')] }, tmpfs('/x', 'exec')],
        ['of two containers the last', { fromOthers: [bind('/x', '/one'), bind('/x', '/two')] }, bind('/x', '/two')],
        ['of two anonymous ones one', { anonymous: [volume('/x'), volume('/x')] }, volume('/x')],
      ])('%s', (_, what, expected) => {
        expect(asked(what), 'one for each place').toEqual([expected]);
      });
    });

    group('what is said twice', 4, () => {
      test.each<[string, Partial<Asked>]>([
        ['two binds', { named: [bind('/data'), bind('/other'), bind('/data', '/srv/b')] }],
        ['a bind and a volume', { named: [volume('/data', 'one'), bind('/data')] }],
        ['twice the same', { named: [bind('/data'), bind('/data')] }],
        ['a bind and tmpfs', { named: [bind('/data')], tmpfs: [tmpfs('/data')] }],
        ['a volume and the second tmpfs', { named: [volume('/data', 'one')], tmpfs: [tmpfs('/c'), tmpfs('/data')] }],
      ])('%s', (_, what) => {
        expect(() => asked(what), 'it isn’t clear which of the two was meant').toThrow('Duplicate mount point: /data');
      });

      test('is no error if one is below the other, or only has a similar name', () => {
        expect(asked({ named: [bind('/data'), bind('/data/a'), bind('/data2')], tmpfs: [tmpfs('/dat')] })).toHaveLength(
          4,
        );
      });
    });

    group('in which order', 4, () => {
      test('one that lies below another comes after it, wherever it was said', () => {
        const random = seeded('task 2');
        for (let round = 0; round < 40; round++) {
          const paths = ['/a', '/a/b', '/a/b/c', '/a-b', '/a/z', '/b', '/b/a/a/a', '/zz/a'];
          const what: Record<keyof Asked, Mount[]> = { fromOthers: [], named: [], tmpfs: [], anonymous: [] };
          while (paths.length > 0) {
            const [path = ''] = paths.splice(random.integer(0, paths.length - 1), 1);
            const kind = (['fromOthers', 'named', 'tmpfs', 'anonymous'] as const)[random.integer(0, 3)] ?? 'named';
            what[kind].push(kind === 'tmpfs' ? tmpfs(path) : kind === 'anonymous' ? volume(path) : bind(path));
          }
          const targets = asked(what).map(({ target }) => target);
          expect(targets).toHaveLength(8);
          for (const [index, target] of targets.entries()) {
            const above = targets.slice(index + 1).find((later) => target.startsWith(`${later}/`));
            expect(above, `${target} would be covered by the later mount at`).toBeUndefined();
          }
        }
      });
    });
  },
);
