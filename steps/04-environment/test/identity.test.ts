import { task } from 'grader';
import { asText } from 'shared-native';
import { expect, test } from 'vitest';
import { become } from '../src/index.ts';

const user = { uid: 1000, gid: 100, groups: [100, 10], home: '/home/ann' };

task(
  4,
  {
    points: 15,
    hints: [
      'Whoever is no longer root may not change groups: which of the three must come last?',
      'setgroups, setresgid, setresuid: each id three times, for the real, the effective and the saved one. Whoever keeps one of them can go back.',
      'When ids change, the kernel forgets what PR_SET_PDEATHSIG was told: ask again, for SIGKILL, with prctl.',
    ],
  },
  () => {
    const texts = () => become(user).map(asText);

    test('groups are set before the user, who may not', () => {
      const ids = texts().filter((text) => text.startsWith('set'));
      const why = 'whoever has given up user 0 may change no group; and whoever keeps one of three ids can go back';
      expect(ids, why).toEqual([
        'setgroups(2, {[0]=100, [1]=10})',
        'setresgid(100, 100, 100)',
        'setresuid(1000, 1000, 1000)',
      ]);
    });

    test('the signal at the end of its parent is asked for again, which the kernel forgot', () => {
      const why = 'a change of ids makes the kernel forget the signal, so it is asked for after them';
      expect(texts().at(-1), why).toBe('prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)');
      expect(texts(), 'three for the ids, and one for the signal').toHaveLength(4);
    });

    test('no failure on the way is passed over', () => {
      const passedOver = become(user).filter(({ tolerates }) => tolerates !== undefined);
      expect(passedOver.map(asText), 'whoever fails to give up root would still be root').toEqual([]);
    });
  },
);
