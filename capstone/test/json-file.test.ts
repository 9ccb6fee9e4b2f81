import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { containerPath } from 'step-10';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepWritten } from '../../test/written.ts';
import { thisBoot } from '../src/containers/boot.ts';
import { logPath } from '../src/containers/place.ts';
import { type BoxRecord, configPath } from '../src/containers/record.ts';
import { processNumbered } from '../src/containers/state.ts';
import { attributesOf } from '../src/log/attributes.ts';
import { headerOf, STDERR, STDOUT, type Stream } from '../src/log/frames.ts';
import { convert } from '../src/log/json-file/convert.ts';
import { dockerJson } from '../src/log/json-file/line.ts';
import { beginMaking, bringUpToDate, locked } from '../src/log/json-file/making.ts';
import { jsonPath, makingPath } from '../src/log/json-file/place.ts';
import { readProgress, writeProgress } from '../src/log/json-file/progress.ts';
import { framed, mark } from './framed.ts';

test('a line is written as docker’s json-file does: escaped, and with a time without zeros at its end', () => {
  const line = (text: string | Buffer, time: bigint, stream: Stream = STDOUT, attributes = {}) =>
    dockerJson({ stream, time, bytes: Buffer.from(text), goesOn: false }, attributes);
  expect(line('<b> & "it"\u2028\t\n', 1_767_323_045_120_000_000n)).toBe(
    '{"log":"\\u003cb\\u003e \\u0026 \\"it\\"\\u2028\\t\\n","stream":"stdout","time":"2026-01-02T03:04:05.12Z"}\n',
  );
  expect(line(Buffer.of(0xff, 0x0a), 1_767_323_045_000_000_000n, STDERR)).toBe(
    '{"log":"\ufffd\\n","stream":"stderr","time":"2026-01-02T03:04:05Z"}\n',
  );
  expect(line('x', 0n, STDOUT, { tag: 'web' })).toBe(
    '{"log":"x","stream":"stdout","attrs":{"tag":"web"},"time":"1970-01-01T00:00:00Z"}\n',
  );
});

test('each byte that isn’t UTF-8 becomes a U+FFFD, as in Go, and characters beside it stay', () => {
  const bytes = Buffer.concat([Buffer.from('é€'), Buffer.of(0xe2, 0x82), Buffer.from('😀'), Buffer.of(0xf0)]);
  const line = JSON.parse(dockerJson({ stream: STDOUT, time: 0n, bytes, goesOn: false }));
  expect(line.log).toBe('é€\ufffd\ufffd😀\ufffd');
});

const id = 'f'.repeat(64);

function recordWith(options: Record<string, string> = {}): BoxRecord {
  const its = { env: ['PATH=/bin', 'WORD=a b'], command: ['sh', '-c', 'true'] };
  const logging = { driver: 'json-file', options };
  return { id, name: 'web', imageName: 'demo', labels: { os: 'linux', to: 'x' }, options: its, logging } as never;
}

test('--log-opt names labels, variables and a tag, by name or by an expression', () => {
  expect(attributesOf(recordWith())).toEqual({});
  expect(attributesOf(recordWith({ labels: 'to,none', env: 'WORD', tag: '{{.Name}}/{{.ID}}' }))).toEqual({
    to: 'x',
    WORD: 'a b',
    tag: `web/${'f'.repeat(12)}`,
  });
  const sorted = Object.keys(attributesOf(recordWith({ labels: 'to,os', tag: 'x' })));
  expect(sorted).toEqual(['os', 'tag', 'to']);
  expect(attributesOf(recordWith({ 'labels-regex': '^o', 'env-regex': 'ORD' }))).toEqual({ os: 'linux', WORD: 'a b' });
});

test.each([
  [{ 'labels-regex': '(' }, '--log-opt labels-regex=(: Invalid regular expression: '],
  [{ tag: '{{.None}}' }, '--log-opt tag={{.None}}: '],
])('what names nothing is refused: %j', (options, message) => {
  expect(() => attributesOf(recordWith(options as unknown as Record<string, string>))).toThrow(message);
});

test('a container that has been started runs, though no lines of JSON can be made of its log', async () => {
  const { stderr } = await keepWritten(async () => beginMaking({ ...recordWith(), id: 'no-such-container' }));
  expect(stderr).toMatch(/^boxstep: lines of JSON can't be made of its log now: ENOENT.*\n$/);
});

describe('lines of JSON', () => {
  beforeEach(() => {
    mkdirSync(makingPath(id), { recursive: true });
    writeFileSync(logPath(id), headerOf(mark));
  });
  afterEach(() => rmSync(containerPath(id), { recursive: true }));

  const append = (text: string, stream: Stream = STDOUT) =>
    writeFileSync(logPath(id), framed(stream, text), { flag: 'a' });
  const json = (nth = 0) => readFileSync(`${jsonPath(id)}${nth === 0 ? '' : `.${nth}`}`, 'utf8');
  const made = (nth?: number) =>
    json(nth)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const texts = (nth?: number) => made(nth).map(({ log }) => log);

  test('are made of what is there, and go on where they were', async () => {
    append('one\ntw');
    append('error\n', STDERR);
    await convert(recordWith(), 'now');
    expect(texts()).toEqual(['one\n', 'error\n']);
    append('o\nthree');
    await convert(recordWith(), 'now');
    expect(texts()).toEqual(['one\n', 'error\n', 'two\n']);
    await convert(recordWith(), 'its end');
    append('next\n');
    await convert(recordWith(), 'now');
    expect(texts()).toEqual(['one\n', 'error\n', 'two\n', 'three', 'next\n']);
  });

  test('are neither lost nor written twice where what made them was killed, after whatever byte', async () => {
    append('one\ntw');
    await convert(recordWith(), 'now');
    const before = readProgress(id);
    const length = json().length;
    append(`o\n${'x'.repeat(20_000)}\nlast`);
    append('three\n', STDERR);
    await convert(recordWith(), 'now');
    const whole = json();
    for (let end = length; end <= whole.length; end += 97) {
      if (before) writeProgress(id, before);
      truncateSync(jsonPath(id), end);
      await convert(recordWith(), 'now');
      expect(json()).toBe(whole);
    }
  });

  test('are neither lost nor written twice where the first that made them was killed before it wrote down how far it was', async () => {
    await convert(recordWith(), 'now'); // it has begun, and the container has written nothing
    const before = readProgress(id);
    append('one\ntwo\n');
    await convert(recordWith(), 'now');
    const whole = json();
    for (const end of [0, 20, whole.length]) {
      if (before) writeProgress(id, before);
      else rmSync(`${makingPath(id)}/progress`);
      truncateSync(jsonPath(id), end);
      await convert(recordWith(), 'now');
      expect(json()).toBe(whole);
    }
  });

  test('go on in a new file from max-size on, also where what made them was killed before it wrote that down', async () => {
    const record = recordWith({ 'max-size': '150', 'max-file': '3' });
    append('1\n2\n3\n4\n');
    await convert(record, 'now');
    const before = readProgress(id);
    expect([texts(), texts(1)]).toEqual([['4\n'], ['1\n', '2\n', '3\n']]);
    append('5\n6\n7\n');
    await convert(record, 'now');
    const all = [['7\n'], ['4\n', '5\n', '6\n'], ['1\n', '2\n', '3\n']];
    expect([texts(), texts(1), texts(2)]).toEqual(all);
    if (before) writeProgress(id, before);
    await convert(record, 'now');
    expect([texts(), texts(1), texts(2)]).toEqual(all);
  });

  test('of which only one file is kept begin anew in it', async () => {
    const record = recordWith({ 'max-size': '150' });
    append('1\n2\n3\n4\n5\n');
    await convert(record, 'now');
    expect(texts()).toEqual(['4\n', '5\n']);
  });

  test('go on where they were, whatever the labels are called that each of them has', async () => {
    const record = { ...recordWith({ labels: 'time,bytes' }), labels: { time: 'noon', bytes: 'many' } };
    append('one\n');
    await convert(record, 'now');
    append('two\n');
    await convert(record, 'now');
    const attributes = { bytes: 'many', time: 'noon' };
    expect(made()).toMatchObject([
      { log: 'one\n', attrs: attributes },
      { log: 'two\n', attrs: attributes },
    ]);
  });

  test('end no line of a run that began after somebody had seen the end of the last', async () => {
    const container = spawn('sleep', ['1000']);
    const [first, shim] = [processNumbered(container.pid ?? 0), processNumbered(process.pid)];
    const run = { status: 'begun', startedAt: 1, boot: thisBoot(), process: first, shim, endpoints: [], ports: [] };
    const record = recordWith();
    writeFileSync(configPath(id), JSON.stringify({ ...record, created: 1, run }));
    append('begun');
    try {
      await bringUpToDate({ ...record, run: { status: 'exited' } } as never);
      append(' and ended\n');
      await expect.poll(() => texts(), { timeout: 30_000 }).toEqual(['begun and ended\n']);
    } finally {
      container.kill(); // which ends what makes lines of what it writes, too: or that would write into the next test's files
      const lock = openSync(makingPath(id), 'r');
      expect(await locked(lock)).toBe(true);
      closeSync(lock);
    }
  });

  test('have the tag of the run that they are of, whatever the container is called meanwhile', async () => {
    const record = recordWith({ tag: '{{.Name}}' });
    append('one\n');
    await convert(record, 'now');
    append('two\n');
    await convert({ ...record, name: 'other' }, 'its end');
    append('three\n');
    await convert({ ...record, name: 'other' }, 'now');
    expect(made().map(({ attrs }) => attrs.tag)).toEqual(['web', 'web', 'other']);
  });
});
