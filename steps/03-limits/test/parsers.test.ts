import { group, seeded, task } from 'grader';
import { RLIM_INFINITY } from 'shared-native';
import { goInteger, integer } from 'step-02';
import { describe, expect, test } from 'vitest';
import { parseCpus, quota } from '../src/cpus.ts';
import { parseCpuset } from '../src/flags/cpuset.ts';
import { diskOf, parseDeviceRate } from '../src/flags/device-rate.ts';
import { bytesSize, ramInBytes } from '../src/sizes.ts';
import { addUlimit, parseUlimit, ulimitCalls } from '../src/ulimits.ts';
import flags from './cases/flags.json' with { type: 'json' };
import sizes from './cases/sizes.json' with { type: 'json' };
import ulimits from './cases/ulimits.json' with { type: 'json' };

/** What a parser answers; null where it refuses. */
function answer<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch {
    return null;
  }
}

task(
  1,
  {
    points: 20,
    hints: [
      'A size is a number, perhaps a space, perhaps a unit. One regular expression with two groups can take it apart; ^ and $ keep out what comes before or after.',
      'The units are powers of 1024, and only the first letter counts: UNITS.indexOf(letter) is the exponent. No unit is "b", which is 1024 to the power of 0.',
      'A number may be 1., .5 and 1e3, but not empty, not negative, not Infinity. What is 2 ** 63 or more is refused, too. Math.trunc rounds.',
    ],
  },
  () => {
    group('sizes', 12, () => {
      test.each([
        ['64m', 67_108_864],
        ['1.5g', 1_610_612_736],
        ['6MiB', 6_291_456],
        ['.5k', 512],
        ['1e3', 1000],
        ['0', 0],
      ])('%s is %i bytes', (text, bytes) => {
        const why = 'k is 1024, m is 1024 * 1024, and so on; what is behind the point counts, until it is bytes';
        expect(ramInBytes(text, '--memory'), why).toBe(bytes);
      });

      test.each(Object.entries(sizes.RAMInBytes).filter(([, bytes]) => bytes !== null))(
        '%j is to us what it is to docker: %j',
        (text, bytes) => {
          expect(ramInBytes(text, '--memory'), 'as docker has it: MB, Mb and mib are all m').toBe(bytes);
        },
      );

      test('any number of any unit, however it is spelled', () => {
        const any = seeded('task 1');
        for (const [exponent, unit] of ['b', 'k', 'm', 'g', 't'].entries()) {
          const whole = any.integer(1, 4000);
          const [sixteenths, gap] = [any.integer(0, 15), any.pick(['', ' '])];
          const spelling = any.pick(
            unit === 'b' ? ['', 'b', 'B'] : [unit, unit.toUpperCase(), `${unit}b`, `${unit}iB`],
          );
          const text = `${whole}${(sixteenths / 16).toString().slice(1)}${gap}${spelling}`;
          const bytes = Math.floor((whole * 16 + sixteenths) * (1024 ** exponent / 16));
          expect(ramInBytes(text, '--memory'), `${JSON.stringify(text)}: k is 1024, and so on`).toBe(bytes);
        }
      });
    });

    group('what is no size', 8, () => {
      test.each(['64q', '-1', '64 mm', 'm', '1,5g', '64m ', '0x40m', '1..5g', '64mb/s', 'Infinity', '64m\n'])(
        '%j is refused, by an error with flag and value',
        (text) => {
          const why = 'a limit that nobody meant is worse than an error: what is no size from end to end is none';
          expect(() => ramInBytes(text, '--memory'), why).toThrow('--memory');
          expect(() => ramInBytes(text, '--memory'), 'the error quotes the value').toThrow(text.trim());
        },
      );

      test.each(['1e30g', '8388608t', '9223372036854775808'])(
        '%j is refused: it is more than a size can be',
        (text) => {
          const why = 'sizes are 63-bit numbers: 2 ** 63 is the first that is too large';
          expect(() => ramInBytes(text, '--memory'), why).toThrow('--memory');
        },
      );

      test.each(Object.entries(sizes.RAMInBytes).filter(([, bytes]) => bytes === null))(
        '%j is refused, as docker does',
        (text) => {
          expect(() => ramInBytes(text, '--memory')).toThrow('--memory');
        },
      );

      test('and the error names the flag and quotes the value', () => {
        const [flag, text] = [`--${seeded('task 1 flag').word()}`, `${seeded('task 1 text').word()}9`];
        expect(() => ramInBytes(text, flag), 'the second argument is for the message').toThrow(flag);
        expect(() => ramInBytes(text, flag), 'the first one, too').toThrow(text);
      });
    });
  },
);

describe('a size', () => {
  test('that is none is told with an example', () => {
    expect(() => ramInBytes('64m\n', '--memory')).toThrow(
      'Expected --memory to be a size such as 64m or 1.5g, got "64m\\n"',
    );
  });

  test.each(sizes.BytesSize as [number, string][])('%d bytes are written as docker does: %s', (bytes, text) => {
    expect(bytesSize(bytes)).toBe(text);
  });

  test('is written with a space where a sentence has it', () => {
    expect(bytesSize(64 * 1024 ** 2, ' ')).toBe('64 MiB');
    expect(bytesSize(0)).toBe('0B');
    expect(bytesSize(10_240)).toBe('10KiB');
  });
});

describe('a number of CPUs', () => {
  test.each(Object.entries(flags.ParseCPUs))('%j is to us what it is to docker: %j', (text, nano) => {
    expect(answer(() => parseCpus(text))).toBe(nano);
  });

  test.each([
    ['0.5', 500_000_000],
    ['.5', 500_000_000],
    ['1.', 1_000_000_000],
    ['1/2', 500_000_000],
    ['5e-1', 500_000_000],
    ['0.000000001', 1],
    ['0.1', 100_000_000],
    ['2', 2_000_000_000],
    ['-1', -1_000_000_000],
  ])('%s is %i billionths, exactly', (text, nano) => {
    expect(parseCpus(text)).toBe(nano);
  });

  test.each(['', '.', 'half', '1/0', '1/-2', '0.5 ', '1,5', '1e', 'e5', '0x', '--1'])('%j is refused', (text) => {
    expect(() => parseCpus(text)).toThrow(`Expected --cpus to be a number such as 0.5, got ${JSON.stringify(text)}`);
  });

  test('with ten digits after the point is refused, since a billionth is the least', () => {
    expect(() => parseCpus('0.0000000001')).toThrow('at most nine digits');
    expect(() => parseCpus('1/3')).toThrow('at most nine digits');
  });
});

task(
  2,
  {
    points: 10,
    hints: [
      'A whole CPU is the whole PERIOD, which is in microseconds. Half a CPU is half of it.',
      'nanoCpus are billionths of a CPU: divide by 1e9. The kernel takes whole microseconds, and never more than was asked for.',
    ],
  },
  () => {
    group('of whole CPUs and simple parts', 5, () => {
      test.each([
        [500_000_000, 50_000],
        [1_000_000_000, 100_000],
        [2_500_000_000, 250_000],
      ])('a number of CPUs of %i billionths is %i µs in each 100 ms', (nano, microseconds) => {
        const why = 'of so many CPUs, for the length of PERIOD; whole microseconds, and no more than was asked for';
        expect(quota(nano), why).toBe(microseconds);
      });
    });

    group('to the microsecond', 5, () => {
      test.each([
        [10_000_000, 1000],
        [333_333_333, 33_333],
        [666_666_666, 66_666],
        [999_999_999, 99_999],
      ])('%i billionths are %i µs', (nano, microseconds) => {
        expect(quota(nano), 'the kernel takes whole microseconds, and never more than was asked for').toBe(
          microseconds,
        );
      });

      test('any part of any number of CPUs', () => {
        const any = seeded('task 2');
        for (let nth = 0; nth < 5; nth++) {
          const [microseconds, rest] = [any.integer(1000, 6_400_000), any.integer(0, 9999)];
          expect(quota(microseconds * 10_000 + rest), 'a microsecond of a PERIOD is 10000 billionths').toBe(
            microseconds,
          );
        }
      });
    });
  },
);

describe('a list of processors', () => {
  test.each([
    ['0', [0]],
    ['0-2,5', [0, 1, 2, 5]],
    ['3,1,3', [1, 3]],
    ['', []],
  ])('%j is %j', (text, cpus) => {
    expect(parseCpuset(text)).toEqual(cpus);
  });

  test.each(['a', '2-1', '1-', '-1', '0, 1', '0,,1', '1-2-3', '999999999999'])('%j is refused', (text) => {
    expect(() => parseCpuset(text)).toThrow('Expected --cpuset-cpus to be a list such as 0-2,5');
  });
});

describe('a ulimit', () => {
  const parts = (text: string) => {
    const { name, soft, hard } = parseUlimit(text);
    return [name, String(soft), String(hard)];
  };

  test.each(Object.entries(ulimits.ParseUlimit))('%j is to us what it is to docker: %j', (text, limit) => {
    expect(answer(() => parts(text))).toEqual(limit);
  });

  test('names the possible values when it is none of them', () => {
    expect(() => parseUlimit('files=1')).toThrow(/one of core, cpu, .*nofile.*, got "files=1"/);
    expect(() => parseUlimit('toString=1')).toThrow('Expected --ulimit to name one of');
    expect(() => parseUlimit('as=1')).toThrow('Expected --ulimit to name one of');
  });

  test('that is given twice counts as it was given last', () => {
    const both = addUlimit('nofile=20', addUlimit('core=0', addUlimit('nofile=10')));
    expect(both.map(({ name, soft }) => `${name}=${soft}`)).toEqual(['core=0', 'nofile=20']);
  });

  test('becomes one prlimit64 of the process itself, and -1 is RLIM_INFINITY', () => {
    const [call] = ulimitCalls([parseUlimit('nofile=512:-1')]);
    expect(call).toMatchObject({ name: 'prlimit64', args: { pid: { value: 0 }, resource: { value: 7 } } });
    expect(call?.args.new_limit).toMatchObject({
      fields: { rlim_cur: { value: { value: 512 } }, rlim_max: { value: { value: RLIM_INFINITY } } },
    });
  });
});

describe('a rate of a device', () => {
  test.each(Object.entries(flags.ValidateThrottleBpsDevice))('%j is to us what it is to docker: %j', (text, parsed) => {
    const rate = answer(() => parseDeviceRate(text, '--device-read-bps'));
    expect(rate && [rate.path, rate.rate]).toEqual(parsed);
  });

  test('is for a disk, by its numbers; what is none is refused', () => {
    const on = (kind: 'none' | 'other' | 'disk' | 'partition') => () =>
      diskOf({ path: '/dev/x', rate: 5 }, '--device-read-bps', () => ({ kind, numbers: '8:1' }));
    expect(on('disk')()).toEqual({ disk: '8:1', rate: 5 });
    expect(on('none')).toThrow('stat /dev/x: no such file or directory: --device-read-bps is for a disk');
    expect(on('other')).toThrow('this is not a disk');
    expect(on('partition')).toThrow('the kernel limits whole disks');
    expect(() => diskOf({ path: '/dev/null', rate: 5 }, '--device-read-bps')).toThrow('this is not a disk');
  });
});

describe('a whole number', () => {
  test.each([
    ['10', 10n],
    ['-1', -1n],
    ['+5', 5n],
    ['0x10', 16n],
    ['010', 8n],
    ['0o17', 15n],
    ['0b11', 3n],
    ['1_000', 1000n],
    ['0', 0n],
  ])('%s is %s, as Go reads it', (text, number) => {
    expect(goInteger(text)).toBe(number);
  });

  test.each(['', '-', '1.5', '1e3', '09', '_1', '1__0', ' 1', '1 ', '0x', 'ten'])('%j is none', (text) => {
    expect(goInteger(text)).toBeUndefined();
  });

  test('outside its range is refused', () => {
    expect(() => integer('1001', '--oom-score-adj to be a number', -1000n, 1000n)).toThrow('got "1001"');
    expect(() => integer('99999999999999999999', '--cpu-shares to be a number')).toThrow('got "9999');
  });
});
