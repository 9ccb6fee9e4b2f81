import * as native from 'shared-native';
import { expect, test } from 'vitest';
import { CAPABILITIES, capability, DEFAULT, kept, namesIn } from '../src/capabilities.ts';
import cases from './cases/caps.json' with { type: 'json' };

const HERE = CAPABILITIES.filter((name) => name !== 'CAP_SYS_RESOURCE'); // as on the machine that docker was asked on

test.each(cases)(
  'docker’s --cap-add $add --cap-drop $drop, privileged: $privileged',
  ({ add, drop, privileged, result }) => {
    const answer = () => kept({ add: add.map(capability), drop: drop.map(capability), privileged }, HERE);
    if (result === null) expect(answer).toThrow('unknown capability');
    else
      expect(
        answer()
          .map((name) => name.slice(4))
          .sort()
          .join(' '),
      ).toBe(result);
  },
);

test('every capability stands at its number', () => {
  const numbers = Object.entries(native).filter(([name]) => name.startsWith('CAP_'));
  expect(Object.fromEntries(CAPABILITIES.map((name, number) => [name, number]))).toEqual(Object.fromEntries(numbers));
});

test('a name is read with CAP_ and without, in any case, with spaces around it', () => {
  expect(['net_admin', 'CAP_NET_ADMIN', '  cAp_Net_Admin\t'].map(capability)).toEqual(Array(3).fill('CAP_NET_ADMIN'));
  expect(capability(' aLl ')).toBe('ALL');
});

test.each(['', 'CAP_', 'CAP_ALL', 'CAPCHOWN', '_CHOWN', 'NET ADMIN', 'CAP_CAP_CHOWN'])(
  '%j is no capability',
  (text) => {
    expect(() => capability(text)).toThrow('unknown capability');
  },
);

test('one that is both added and dropped is kept; with ALL added, what is dropped is gone', () => {
  const keep = (add: string[], drop: string[]) => kept({ add, drop, privileged: false }, HERE);
  expect(keep(['CAP_CHOWN'], ['CAP_CHOWN'])).toContain('CAP_CHOWN');
  expect(keep(['CAP_BPF'], ['ALL'])).toEqual(['CAP_BPF']);
  expect(keep(['ALL'], ['CAP_CHOWN'])).toEqual(HERE.filter((name) => name !== 'CAP_CHOWN'));
});

test('the kernel’s hexadecimal is read by the numbers of the bits', () => {
  expect(namesIn('00000000a80425fb').sort()).toEqual([...DEFAULT].sort());
  expect(namesIn('0000010000000001')).toEqual(['CAP_CHOWN', 'CAP_CHECKPOINT_RESTORE']);
});
