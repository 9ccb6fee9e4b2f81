import { group, seeded, task } from 'grader';
import { expect, test } from 'vitest';
import { CAPABILITIES, DEFAULT, kept } from '../src/capabilities.ts';

task(
  1,
  {
    points: 15,
    hints: [
      'Three flags decide how to begin: --privileged, then ALL among those that are added, then ALL among those that are dropped. Only then there is DEFAULT.',
      'A list of names in the order of CAPABILITIES is CAPABILITIES.filter(…): so none comes twice either. `here` is in that order already.',
      'What is added counts more than what is dropped: without ALL, a name that is in both lists is kept.',
    ],
  },
  () => {
    const any = () => seeded('task 1');
    /** What a process could pass on: everything, or not all of it. */
    const machines = () => [
      CAPABILITIES,
      CAPABILITIES.filter((name) => name !== 'CAP_SYS_RESOURCE' && name !== lacking()),
    ];
    const lacking = () => others[any().integer(0, others.length - 1)] as string;
    const asked = (add: string[], drop: string[], here: readonly string[]) =>
      kept({ add, drop, privileged: false }, here);
    const inOrder = (names: readonly string[]) => CAPABILITIES.filter((name) => names.includes(name));
    /** Names of the default, and others. */
    const some = (of: readonly string[]) =>
      of.filter((_, nth) => seeded(`task 1 ${of.length} ${nth}`).integer(0, 2) === 0);
    const others = CAPABILITIES.filter((name) => !DEFAULT.includes(name) && name !== 'CAP_SYS_RESOURCE');

    group('without ALL', 6, () => {
      test('docker’s default, in the order of the numbers', () => {
        for (const here of machines()) expect(asked([], [], here)).toEqual(inOrder(DEFAULT));
      });

      test('less what is dropped', () => {
        const drop = ['CAP_CHOWN', 'CAP_SYS_ADMIN', ...some(DEFAULT)];
        const left = inOrder(DEFAULT.filter((name) => !drop.includes(name)));
        for (const here of machines())
          expect(asked([], drop, here), 'one that it never had changes nothing').toEqual(left);
      });

      test('and what is added, in its place among them, and once', () => {
        const add = ['CAP_NET_ADMIN', 'CAP_CHOWN', 'CAP_NET_ADMIN', ...some(others)].filter(
          (name) => name !== lacking(),
        );
        for (const here of machines()) expect(asked(add, [], here)).toEqual(inOrder([...DEFAULT, ...add]));
      });

      test('one that is both added and dropped is kept', () => {
        const why = 'docker drops from the default, and adds then';
        for (const here of machines()) {
          expect(asked(['CAP_CHOWN', 'CAP_BPF'], ['CAP_CHOWN', 'CAP_BPF', 'CAP_KILL'], here), why).toEqual(
            inOrder([...DEFAULT.filter((name) => name !== 'CAP_KILL'), 'CAP_BPF']),
          );
        }
      });
    });

    group('ALL', 6, () => {
      test('dropped: only those that are added are left', () => {
        const add = ['CAP_SETUID', 'CAP_CHOWN', ...some(others)].filter((name) => name !== lacking());
        for (const here of machines()) {
          expect(asked(add, ['ALL'], here)).toEqual(inOrder(add));
          expect(asked(add, ['CAP_CHOWN', 'ALL', 'CAP_MKNOD'], here), 'wherever it stands').toEqual(inOrder(add));
          expect(asked([], ['ALL'], here)).toEqual([]);
        }
      });

      test('added: everything that can be passed on, except those that are dropped', () => {
        const drop = ['CAP_CHOWN', ...some(others)];
        for (const here of machines()) {
          expect(asked(['ALL'], [], here), 'it can’t give what it doesn’t have').toEqual(here);
          expect(asked(['ALL'], drop, here)).toEqual(here.filter((name) => !drop.includes(name)));
          const why = 'with ALL, what is dropped is gone, even if its name is added, too';
          expect(asked(['CAP_CHOWN', 'ALL'], drop, here), why).toEqual(here.filter((name) => !drop.includes(name)));
        }
      });

      test('both added and dropped: everything', () => {
        for (const here of machines()) {
          expect(asked(['ALL'], ['ALL'], here)).toEqual(here);
          expect(asked(['ALL'], ['ALL', 'CAP_KILL'], here)).toEqual(here.filter((name) => name !== 'CAP_KILL'));
        }
      });
    });

    group('--privileged', 3, () => {
      test('is everything that can be passed on, whatever else is asked for', () => {
        for (const here of machines()) {
          expect(kept({ add: [], drop: [], privileged: true }, here)).toEqual(here);
          expect(kept({ add: ['CAP_BPF'], drop: ['ALL'], privileged: true }, here)).toEqual(here);
          expect(kept({ add: ['ALL'], drop: ['CAP_CHOWN'], privileged: true }, here)).toEqual(here);
        }
      });
    });
  },
);
