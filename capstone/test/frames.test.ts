import { describe, expect, test } from 'vitest';
import { framesIn, STDERR, STDOUT } from '../src/index.ts';

const mark = Buffer.from('0123456789abcdef');

function frame(stream: number, text: string, seconds = 1, nanoseconds = 500_000_000): Buffer {
  const words = [stream, seconds, nanoseconds, Buffer.byteLength(text)];
  return Buffer.concat([mark, new Uint8Array(BigInt64Array.from(words.map(BigInt)).buffer), Buffer.from(text)]);
}

const read = (...parts: Uint8Array[]) =>
  [...framesIn(Buffer.concat([mark, ...parts]))].map(({ stream, time, bytes }) => [stream, time, bytes.toString()]);

describe('the frames of a log', () => {
  test('have stream, time and text', () => {
    expect(read(frame(STDOUT, 'one\n'), frame(STDERR, 'two\n', 2, 0))).toEqual([
      [STDOUT, 1500, 'one\n'],
      [STDERR, 2000, 'two\n'],
    ]);
  });

  test('are none in a log that has just begun, or has not even', () => {
    expect(read()).toEqual([]);
    expect([...framesIn(Buffer.alloc(0))]).toEqual([]);
    expect([...framesIn(mark.subarray(0, 7))]).toEqual([]);
  });

  test('go on after one that a full disk has cut short, wherever that is', () => {
    const whole = frame(STDOUT, 'whole');
    for (let length = 0; length < whole.length; length++)
      expect(read(whole, whole.subarray(0, length), whole)).toEqual([
        [STDOUT, 1500, 'whole'],
        [STDOUT, 1500, 'whole'],
      ]);
  });

  test('end before one whose writer died in it', () => {
    const whole = frame(STDERR, 'whole');
    for (let length = 0; length < whole.length; length++)
      expect(read(whole, whole.subarray(0, length))).toEqual([[STDERR, 1500, 'whole']]);
  });

  test('are none with a stream that isn’t one', () => {
    expect(read(frame(7, 'odd'))).toEqual([]);
  });
});
