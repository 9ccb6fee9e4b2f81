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
      expect(texts().slice(0, 3)).toEqual([
        'setgroups(2, {[0]=100, [1]=10})',
        'setresgid(100, 100, 100)',
        'setresuid(1000, 1000, 1000)',
      ]);
    });

    test('the signal at the end of its parent is asked for again, which the kernel forgot', () => {
      expect(texts().slice(3)).toEqual(['prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)']);
    });

    test('no failure on the way is passed over', () => {
      expect(become(user).filter(({ tolerates }) => tolerates !== undefined)).toEqual([]);
    });
  },
);
