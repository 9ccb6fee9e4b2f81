import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { asRfc3339, timeOf } from 'step-10';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bytesOfKeys, DETACH_KEYS, detachBy } from '../src/attach/detach-keys.ts';
import { inputOf } from '../src/attach/input.ts';
import { GAP, headerOf, LOST_AT, STDERR, STDOUT, type Stream } from '../src/log/frames.ts';
import { lines } from '../src/log/lines.ts';
import { DEFAULT_LOGGING, logOptions } from '../src/log/options.ts';
import { framesOf, type Reading } from '../src/log/read.ts';
import { framed, mark } from './framed.ts';

const frame = (stream: Stream, text: string, time = 1n) => ({ stream, time, bytes: Buffer.from(text) });

describe('the lines of a log', () => {
  const taken = (...frames: ReturnType<typeof frame>[]) => {
    const made = lines();
    const all = [...frames.flatMap((one) => made.take(one)), ...made.rest()];
    return all.map(({ stream, time, bytes, goesOn }) => [stream, Number(time), String(bytes), goesOn]);
  };

  test('are whole, each stream’s by itself, with the time of their first byte', () => {
    expect(taken(frame(1, 'one\ntw', 1n), frame(2, 'err', 2n), frame(1, 'o\n', 3n), frame(2, 'or\n', 4n))).toEqual([
      [STDOUT, 1, 'one\n', false],
      [STDOUT, 1, 'two\n', false],
      [STDERR, 2, 'error\n', false],
    ]);
  });

  test('end with what has no end', () => {
    expect(taken(frame(1, 'one\ntwo'))).toEqual([
      [STDOUT, 1, 'one\n', false],
      [STDOUT, 1, 'two', false],
    ]);
  });

  test('go on after 16 KiB, as docker’s', () => {
    const all = taken(frame(1, `${'x'.repeat(20_000)}\n`));
    expect(all.map(([, , text, goesOn]) => [String(text).length, goesOn])).toEqual([
      [16_384, false],
      [3617, true],
    ]);
  });
});

describe('a time', () => {
  const now = 1_000_000_000_000_000_000n;
  test.each([
    ['2026-01-02T15:04:05.000000001Z', 1_767_366_245_000_000_001n],
    ['2026-01-02T15:04:05+01:00', 1_767_362_645_000_000_000n],
    ['2026-01-02Z', 1_767_312_000_000_000_000n],
    ['0', 0n],
    ['1767366245', 1_767_366_245_000_000_000n],
    ['1767366245.5', 1_767_366_245_500_000_000n],
    ['10m', now - 600_000_000_000n],
    ['-5μs', now + 5000n],
    ['1h1.5s', now - 3_601_500_000_000n],
  ])('is what docker takes for one: %s', (typed, time) => {
    expect(timeOf('since', typed, now)).toBe(time);
  });

  test('without a zone is of this machine’s', () => {
    expect(timeOf('since', '2026-01-02T15:04')).toBe(BigInt(new Date(2026, 0, 2, 15, 4).getTime()) * 1_000_000n);
  });

  test.each(['yesterday', '10x', '', '2026-13-45'])('is nothing else: %s', (typed) => {
    expect(() => timeOf('until', typed)).toThrow(
      `invalid value for "until": failed to parse value as time or duration`,
    );
  });

  test('is written with nine digits', () => {
    expect(asRfc3339(1_767_366_245_000_000_001n)).toBe('2026-01-02T15:04:05.000000001Z');
  });
});

describe('the keys that detach', () => {
  test('are spelled as docker’s', () => {
    expect(bytesOfKeys(DETACH_KEYS)).toEqual([16, 17]);
    expect(bytesOfKeys('')).toEqual([16, 17]);
    expect(bytesOfKeys('a,ctrl-@,ctrl-[,ctrl-_,DEL')).toEqual([97, 0, 27, 31, 127]);
    expect(() => bytesOfKeys('ctrl-ä')).toThrow("invalid detach keys (ctrl-ä): Unknown character: 'ctrl-ä'");
  });

  test('are found wherever pieces end, and their beginning is passed on when the rest doesn’t come', () => {
    const look = detachBy([16, 17]);
    const typed = (...bytes: number[]) => {
      const { pass, detached } = look(Uint8Array.from(bytes));
      return [[...pass], detached];
    };
    expect(typed(65, 16)).toEqual([[65], false]);
    expect(typed(66)).toEqual([[16, 66], false]);
    expect(typed(16)).toEqual([[], false]);
    expect(typed(17, 67)).toEqual([[], true]);
  });
});

test('a shim that has ended lends no input', () => {
  const { pid } = spawnSync('true');
  expect(inputOf({ pid, started: '1' })).toBeUndefined();
});

describe('what a log is told', () => {
  const options = (driver: 'local' | 'json-file' | 'none', typed: Record<string, string>) =>
    logOptions({ driver, options: typed });

  test('are docker’s sizes and numbers', () => {
    expect(options('local', { 'max-size': '10m', 'max-file': '3' })).toMatchObject({ maxSize: 1e7, maxFile: 3 });
    expect(options('local', {})).toMatchObject({ maxSize: 2e7, maxFile: 5 });
    expect(options('json-file', {})).not.toHaveProperty('maxSize');
    expect(logOptions(DEFAULT_LOGGING)).not.toHaveProperty('maxSize');
    expect(options('local', { 'max-buffer-size': '60k' })).toMatchObject({ bufferBytes: 61_440 });
  });

  test.each([
    [{ 'max-size': 'big' }, 'invalid value for max-size'],
    [{ 'max-file': '0' }, 'max-file cannot be less than 1'],
    [{ 'max-siez': '1m' }, "unknown log opt 'max-siez' for local log driver"],
  ])('is refused where it isn’t: %j', (typed, message) => {
    expect(() => options('local', typed as unknown as Record<string, string>)).toThrow(message);
  });
});

describe('a log that is read', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'boxstep-log-'));
    path = join(folder, 'log');
    writeFileSync(path, headerOf(mark));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const append = (text: string, file = path) => writeFileSync(file, framed(STDOUT, text), { flag: 'a' });
  const rotate = () => {
    writeFileSync(`${path}.new`, headerOf(mark));
    renameSync(path, `${path}.1`);
    renameSync(`${path}.new`, path);
  };
  const texts = async (reading: Reading) =>
    (await Array.fromAsync(framesOf(path, reading))).flat().map((one) => (one === GAP ? GAP : String(one.bytes)));

  test('begins with its oldest file', async () => {
    append('one');
    rotate();
    append('two');
    expect(await texts({})).toEqual(['one', 'two']);
  });

  test('that is gone with its container before somebody follows it, has no more to say', async () => {
    const gone = join(tmpdir(), 'boxstep-no-such-directory', 'log');
    expect((await Array.fromAsync(framesOf(gone, { until: Promise.resolve() }))).flat()).toEqual([]);
  });

  test('is followed across rotation, from a place in it, until the end', async () => {
    append('old');
    const from = { inode: 0, byte: 0 };
    const reading = framesOf(path, {});
    let step = await reading.next();
    while (!step.done) step = await reading.next();
    Object.assign(from, step.value);
    append('one');
    let end = () => {};
    const until = new Promise<void>((resolve) => {
      end = resolve;
    });
    const all: unknown[] = [];
    for await (const batch of framesOf(path, { from, until }))
      for (const one of batch) {
        const text = one === GAP ? GAP : String(one.bytes);
        all.push(text);
        if (text === 'one') {
          append('two');
          rotate();
          append('three');
        }
        if (text === 'three') {
          append('four');
          end();
        }
      }
    expect(all).toEqual(['one', 'two', 'three', 'four']);
  });

  const opened = (file: string) =>
    readdirSync('/proc/self/fd').some(
      (fd) => statSync(`/proc/self/fd/${fd}`, { throwIfNoEntry: false })?.ino === statSync(file).ino,
    );

  test('is read to its end by whoever is slow, though its files are gone meanwhile', async () => {
    append('one');
    let end = () => {};
    const until = new Promise<void>((resolve) => {
      end = resolve;
    });
    const all: unknown[] = [];
    for await (const batch of framesOf(path, { until }))
      for (const one of batch) {
        all.push(one === GAP ? GAP : String(one.bytes));
        if (all.length > 1) continue;
        for (const text of ['two', 'three', 'four', 'five']) {
          rotate();
          append(text);
          await expect.poll(() => opened(path)).toBe(true); // while somebody reads what it has shown
        }
        rmSync(`${path}.1`);
        end();
      }
    expect(all).toEqual(['one', 'two', 'three', 'four', 'five']);
  });

  test('is read to its end also when it has gone with its container', async () => {
    append('one');
    const all: unknown[] = [];
    for await (const batch of framesOf(path, { until: Promise.resolve() })) {
      all.push(...batch.map((one) => (one === GAP ? GAP : String(one.bytes))));
      rmSync(dirname(path), { recursive: true });
    }
    expect(all).toEqual(['one']);
  });

  test('says that something is missing where files went before they were read', async () => {
    append('one');
    expect(await texts({ from: { inode: 1, byte: 0 } })).toEqual([GAP, 'one']);
  });

  test('says that its writer found no room', async () => {
    append('one');
    const time = Buffer.alloc(16, 1);
    const whole = Buffer.concat([headerOf(mark)]);
    time.copy(whole, LOST_AT);
    writeFileSync(path, whole);
    append('two');
    expect(await texts({})).toEqual(['two', GAP]);
  });
});
