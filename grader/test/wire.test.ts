import { type Call, linkUp, mkdir, read, tell, tolerate } from 'shared-native';
import { describe, expect, test } from 'vitest';
import { SAMPLES } from '../../shared-native/test/samples.ts';
import { decodeAnswer } from '../src/trusted/answer.ts';
import { type Answer, decode, encode } from '../src/wire/wire.ts';

const sent = (value: unknown) => {
  const answer = decodeAnswer(encode({ kind: 'returned', value }));
  return answer.kind === 'returned' ? answer.value : undefined;
};

describe('what crosses the border', () => {
  test.each<[string, unknown]>([
    ['numbers', [1, -0, Number.NaN, Infinity, 2n ** 70n]],
    ['undefined in a list and in an object', [undefined, { a: undefined }]],
    ['bytes', { bytes: new Uint8Array([1, 2, 3]), words: new BigUint64Array([5n]) }],
    ['a Buffer, which stays one', Buffer.from([0, 255, 10])],
    ['a Map, a Set and a date', [new Map([['a', { b: 1 }]]), new Set([1]), new Date(0)]],
    ['a text with a line end', 'one\ntwo\u2028three'],
  ])('%s comes as it was', (_, value) => {
    expect(sent(value)).toEqual(value);
    expect(encode({ kind: 'returned', value })).not.toContain('\n');
  });

  test('what is the same object twice is one object twice', () => {
    const call = { name: 'openat' };
    const [first, second] = sent([call, { fd: call }]) as [object, { fd: object }];
    expect(second.fd).toBe(first);
  });

  test('an error keeps its kind, message and code', () => {
    const error = Object.assign(new RangeError('too much'), { code: 'E2BIG' });
    expect(sent(error)).toBeInstanceOf(RangeError);
    expect(sent(error)).toMatchObject({ message: 'too much', code: 'E2BIG', name: 'RangeError' });
  });

  class Mine {
    asymmetricMatch() {
      return true;
    }
  }

  test.each([
    ['a function', () => 1],
    ['a function deep inside', { a: [{ asymmetricMatch: () => true }] }],
    ['an object of a class', new Mine()],
    ['a symbol', Symbol.for('jest.asymmetricMatcher')],
  ])('%s does not', (_, value) => {
    expect(() => encode({ kind: 'returned', value })).toThrow();
  });
});

describe('a line that no encoder wrote', () => {
  test.each(['', 'x', '{}', '[[1]', '["Function","1"]', '[["Mine",1],2]', '[{"__proto__":1},5]'])(
    '%j is none',
    (line) => {
      expect(() => decode(line)).toThrow();
    },
  );

  test('makes no array that is longer than it can be', () => {
    const sparse: unknown[] = [];
    sparse.length = 4_000_000_000;
    expect(() => sent({ sparse })).toThrow('more than 20000 values');
  });

  test('makes an error of texts alone', () => {
    const line = encode({ kind: 'returned', value: Object.assign(new Error('x'), { name: 'constructor' }) });
    expect(Object.getPrototypeOf(decode<{ value: unknown }>(line).value)).toBe(Error.prototype);
    expect(decode<{ value: unknown }>(line.replace('"constructor"', '["Set"]')).value).toMatchObject({ name: 'Error' });
  });

  test.each([
    { kind: 'done' },
    { kind: 'threw', error: {} },
    { kind: 'reference', file: 1, function: 'f', args: [] },
    5,
  ])('%j is no message', (message) => {
    expect(() => decode(encode(message as Answer))).toThrow('this is no message');
  });
});

describe('a call', () => {
  const made = mkdir('/proc', 0o555);
  const { pathname, mode } = made.args;

  test.each(Object.entries(SAMPLES))('that %s has made comes as it was', (_, call) => {
    expect(sent(call)).toEqual(call);
    expect(sent({ deep: [tolerate(call, 'any'), { ...call, least: 1 }] })).toBeDefined();
  });

  test('that looks for a refusal of rtnetlink comes as it was: it took its flags for its size', () => {
    expect(sent(tell([linkUp('lo')]))).toEqual(tell([linkUp('lo')]));
  });

  test.each<[string, unknown, string]>([
    [
      'a number as text',
      { ...made, args: { pathname, mode: { ...mode, value: '365' } } },
      'not all that it has are arguments',
    ],
    ['a number that is none', { ...made, args: { pathname, mode: { ...mode, value: 0.5 } } }, 'are arguments'],
    [
      'a number too large',
      { ...made, args: { pathname, mode: { ...mode, value: 2 ** 40 } } },
      'mode must be a whole number',
    ],
    [
      'a number shown as another',
      { ...made, args: { pathname, mode: { ...mode, shown: 'fd' } } },
      'its constructor makes',
    ],
    ['an argument too few', { ...made, args: { pathname } }, 'its constructor makes mkdir("/proc", 0777)'],
    ['none of its arguments', { ...made, args: {} }, 'pathname must be a string, got undefined'],
    ['an argument too many', { ...made, args: { pathname, mode, more: mode } }, 'its constructor makes'],
    ['its arguments in another order', { ...made, args: { mode, pathname } }, 'pathname must be a string'],
    ['a list of arguments', { ...made, args: [pathname, mode] }, 'its constructor makes'],
    ['no arguments at all', { ...made, args: null }, 'not all that it has are arguments'],
    ['a name that is none', { ...made, name: 'mkdirs' }, 'there is no such system call'],
    ['the name of something that all objects have', { ...made, name: 'constructor' }, 'there is no such system call'],
    ['an error that is none', { ...made, tolerates: 'EVERY' }, 'there is no error called EVERY'],
    ['an error that all objects have', { ...made, tolerates: 'toString' }, 'there is no error called toString'],
    ['a least result that is text', { ...made, least: '1' }, 'its least result'],
    ['a property that no call has', { ...made, skipped: true }, 'no call has a property "skipped"'],
    ['a forged call inside', read({ ...made, name: 'x' } as unknown as Call, new Uint8Array(1)), 'x is no call'],
  ])('with %s is none', (_, call, why) => {
    expect(() => sent([call])).toThrow(why);
  });
});
