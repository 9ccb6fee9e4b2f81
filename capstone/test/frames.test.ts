import { describe, expect, test } from 'vitest';
import { type Frame, GAP, headerOf, parser, STDERR, STDOUT } from '../src/log/frames.ts';
import { framed, mark } from './framed.ts';

const frame = (stream: number, text: string, seconds = 1, nanoseconds = 500_000_000) =>
  framed(stream, text, seconds, nanoseconds);

const header = Buffer.from(headerOf(mark));

/** What a log comes to that is read in pieces of so many bytes. */
function read(log: Buffer, piece = log.length) {
  const frames = parser();
  const all: (Frame | typeof GAP)[] = [];
  for (let at = 0; at < log.length; at += piece)
    all.push(...frames.take(log.subarray(at, at + piece), at + piece >= log.length));
  return all.map((one) => (one === GAP ? GAP : plain(one)));
}

const plain = ({ stream, time, bytes }: Frame) => [stream, time, String(bytes)];

const half = 1_500_000_000n;
const ofLog = (...parts: Uint8Array[]) => Buffer.concat([header, ...parts]);

describe('the frames of a log', () => {
  test('have stream, time and text', () => {
    expect(read(ofLog(frame(STDOUT, 'one\n'), frame(STDERR, 'two\n', 2, 1)))).toEqual([
      [STDOUT, half, 'one\n'],
      [STDERR, 2_000_000_001n, 'two\n'],
    ]);
  });

  test('are the same in whatever pieces its bytes come', () => {
    const log = ofLog(frame(STDOUT, 'one\n'), frame(STDERR, '0123456789abcde'), frame(STDOUT, ''));
    for (let piece = 1; piece < log.length; piece++) expect(read(log, piece)).toEqual(read(log));
  });

  test('are none in a log that has just begun, or has not even', () => {
    expect(read(ofLog())).toEqual([]);
    expect(read(Buffer.alloc(0))).toEqual([]);
    expect(read(header.subarray(0, 7))).toEqual([]);
  });

  test('go on after a gap where one was cut short by a full disk, wherever that is', () => {
    const whole = frame(STDOUT, 'whole');
    for (let length = 1; length < whole.length; length++)
      for (const piece of [undefined, 1, 7])
        expect(read(ofLog(whole, whole.subarray(0, length), whole), piece)).toEqual([
          [STDOUT, half, 'whole'],
          GAP,
          [STDOUT, half, 'whole'],
        ]);
  });

  test('end before one whose writer died in it, which may yet become whole', () => {
    const whole = frame(STDERR, 'whole');
    for (let length = 0; length < whole.length; length++)
      expect(read(ofLog(whole, whole.subarray(0, length)))).toEqual([[STDERR, half, 'whole']]);
  });

  test('are none with a stream that isn’t one', () => {
    expect(read(ofLog(frame(7, 'odd')))).toEqual([GAP]);
  });
});
