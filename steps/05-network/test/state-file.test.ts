import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asSpoiled, readState, Spoiled, unlessSpoiled } from '../src/state-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'boxstep-state-'));
  path = join(directory, 'one.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

const read = () => readState(path, { name: 'string', list: 'array' }, 'do this');

test('a file says what it must say, or it isn’t there', () => {
  expect(read()).toBeUndefined();
  writeFileSync(path, '{"name":"a","list":[],"more":1}');
  expect(read()).toEqual({ name: 'a', list: [], more: 1 });
});

test.each(['', '{"name":"a"', 'null', '{"name":"a","list":{}}'])('a file that says %j is spoiled', (text) => {
  writeFileSync(path, text);
  expect(read).toThrow(Spoiled);
  expect(read).toThrow(/one\.json can't be used: .*; do this$/);
});

test('a directory in its place is spoiled, too', () => {
  mkdirSync(path);
  expect(read).toThrow(Spoiled);
});

test.each(['EACCES', 'EMFILE', 'ENOMEM'])('nobody is told to remove a file that couldn’t be read for %s', (code) => {
  const error = Object.assign(new Error(code), { code });
  expect(asSpoiled(path, error, 'remove it')).toBe(error);
  const look = () => {
    throw asSpoiled(path, error, 'remove it');
  };
  expect(() => unlessSpoiled(look), 'and it isn’t passed over').toThrow(error);
});
