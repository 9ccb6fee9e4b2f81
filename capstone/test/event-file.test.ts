import { execFile } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { flock, LOCK_EX, LOCK_SH, perform } from 'shared-native';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { inRoot } from '../../test/boxstep.ts';
import { EventReader } from '../src/command/events/read.ts';
import { addLine, olderEvents } from '../src/containers/event-file.ts';

let path: string;
beforeEach((context) => {
  const folder = inRoot(`events-${context.task.id}`);
  mkdirSync(folder, { recursive: true });
  path = `${folder}/.events`;
});

const line = (id: string) => JSON.stringify({ Type: 'container', Action: 'start', id, timeNano: '1000000' });
const add = (id: string, full?: number) => addLine(path, line(id), full);
const ids = (reader: EventReader) => reader.rest().map(({ id }) => id);

function reader(): EventReader {
  const made = new EventReader(path);
  onTestFinished(() => made.close());
  return made;
}

const numbers = (end: number) => Array.from({ length: end }, (_, nth) => `${nth}`);

test('events are in two files at the most, the latest of them', () => {
  for (const id of numbers(100)) add(id, 500);
  expect(statSync(olderEvents(path)).size).toBeLessThan(700);
  expect(existsSync(`${olderEvents(path)}.1`)).toBe(false);
  const left = ids(reader());
  expect(left).toEqual(numbers(100).slice(-left.length));
  expect(left.length).toBeGreaterThan(6);
});

test('a reader goes on wherever a file is put aside, and misses none', () => {
  for (let every = 1; every < 9; every++) {
    for (const one of [path, olderEvents(path)]) rmSync(one, { force: true });
    const its = reader();
    const seen: string[] = [];
    for (const [nth, id] of numbers(50).entries()) {
      add(id, 600);
      if (nth % every === 0) seen.push(...ids(its));
    }
    expect([...seen, ...ids(its)], `looks after ${every}`).toEqual(numbers(50));
  }
});

test('a reader goes on where all files were removed, and where a file was cut short', () => {
  const its = reader();
  add('one');
  expect(ids(its)).toEqual(['one']);
  rmSync(path);
  expect(ids(its)).toEqual([]);
  add('two');
  expect(ids(its)).toEqual(['two']);
  writeFileSync(path, '{"half\n', { flag: 'a' });
  add('three');
  expect(ids(its)).toEqual(['three']);
});

test('a file is put aside by nobody while another writes to it', () => {
  add('one');
  const other = openSync(path, 'a');
  perform(flock(other, LOCK_SH));
  add('two', 10);
  expect(existsSync(olderEvents(path))).toBe(false);
  closeSync(other);
  add('three', 10);
  expect(existsSync(olderEvents(path))).toBe(true);
  expect(ids(reader())).toEqual(['one', 'two', 'three']);
});

/** Another process that writes 200 events. */
const writer = (name: string, full: number) =>
  promisify(execFile)(process.execPath, [WRITER, path, name, String(full)]);
const WRITER = fileURLToPath(new URL('event-writer.ts', import.meta.url));

test('nothing is written to a file that is being put aside: it comes into the next', { timeout: 60_000 }, async () => {
  add('one');
  const file = openSync(path, 'a');
  perform(flock(file, LOCK_EX)); // as the one that puts it aside
  const writing = writer('w', Infinity);
  const waits = new RegExp(`-> FLOCK +ADVISORY +READ +${writing.child.pid} `);
  await expect.poll(() => readFileSync('/proc/locks', 'utf8'), { timeout: 30_000 }).toMatch(waits);
  renameSync(path, olderEvents(path));
  closeSync(file);
  await writing;
  expect(readFileSync(olderEvents(path), 'utf8')).toBe(`${line('one')}\n`);
  expect(ids(reader())).toEqual(['one', ...numbers(200).map((nth) => `w-${nth}`)]);
});

test('of what several processes write at once none is lost', { timeout: 60_000 }, async () => {
  const full = line('w0-100').length * 500; // so that of 800, one file is put aside
  await Promise.all(numbers(4).map((nth) => writer(`w${nth}`, full)));
  const expected = numbers(4).flatMap((nth) => numbers(200).map((one) => `w${nth}-${one}`));
  expect(ids(reader()).sort()).toEqual(expected.sort());
  expect(existsSync(olderEvents(path))).toBe(true);
});
