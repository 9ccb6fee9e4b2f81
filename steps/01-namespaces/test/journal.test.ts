import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asShell, mkdirp, newDeed, rmdirIfEmpty } from '../src/engine/action.ts';
import { carryOut, undoAll } from '../src/engine/deeds.ts';
import { journalNames, openJournal, toldIn } from '../src/engine/journal.ts';
import { prune } from '../src/engine/prune.ts';

let folder: string;
let journals: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boxstep-journal-'));
  journals = join(folder, 'journals');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a name has one owner at a time', () => {
  const first = openJournal('web', journals);
  expect(openJournal('web', journals)).toBeUndefined();
  first?.discard();
  const second = openJournal('web', journals);
  expect(second).toBeDefined();
  second?.discard();
  expect(readdirSync(journals)).toEqual([]);
});

test('what a dead owner recorded is there for the next', () => {
  const undo = [rmdirIfEmpty(join(folder, 'left'))];
  const dead = openJournal('web', journals);
  dead?.record([mkdirp('/nothing')]);
  dead?.record(undo);
  dead?.close();
  const next = openJournal('web', journals);
  expect(next?.left).toEqual(undo);
  next?.discard();
});

test('prune undoes what the dead left, and leaves the living alone', async () => {
  const left = join(folder, 'left');
  const used = join(folder, 'used');
  await undoAll([mkdirp(left), mkdirp(used)]);
  const dead = openJournal('dead', journals);
  dead?.record([rmdirIfEmpty(left)]);
  dead?.close();
  const living = openJournal('living', journals);
  living?.record([rmdirIfEmpty(used)]);
  expect(await prune([], journals)).toEqual({ names: ['dead'], errors: [] });
  expect([existsSync(left), existsSync(used)]).toEqual([false, true]);
  living?.discard();
});

test('a file beside the journals that begins with a dot was taken for one, and prune removed it', async () => {
  mkdirSync(journals);
  writeFileSync(join(journals, '.events'), '{}\n{}\n');
  expect(journalNames(journals)).toEqual([]);
  expect(await prune([], journals)).toEqual({ names: [], errors: [] });
  expect(readdirSync(journals)).toEqual(['.events']);
});

test('a journal that was cut short speaks of nothing that was begun', async () => {
  openJournal('web', journals)?.close();
  writeFileSync(join(journals, 'web'), '[{"deed":"rmdir","pa');
  expect(await prune([], journals)).toEqual({ names: [], errors: [] });
  expect(readdirSync(journals)).toEqual([]);
});

test.each(['{}', '"x"', '[null]', '[{"deed":"bogus"}]', '[{"deed":"rmdir"}]'])(
  'what is no journal of ours, %s, stops nobody',
  async (text) => {
    openJournal('web', journals)?.close();
    writeFileSync(join(journals, 'web'), text);
    mkdirSync(join(journals, 'a-directory'));
    expect(await prune([], journals)).toEqual({ names: [], errors: [] });
    const next = openJournal('web', journals);
    expect(next?.left).toEqual([]);
    next?.discard();
  },
);

test('prune keeps the journal of what it could not undo, and says why', async () => {
  const dead = openJournal('dead', journals);
  dead?.record([{ deed: 'run', argv: ['false'] }, rmdirIfEmpty(join(folder, 'x'))]);
  dead?.close();
  const { names, errors } = await prune([], journals);
  expect(names).toEqual([]);
  expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('false: ')]);
  expect(readdirSync(journals)).toEqual(['dead']);
});

test('every undo is tried, also when one before it failed', async () => {
  const errors = await undoAll([{ deed: 'run', argv: ['false'] }, mkdirp(join(folder, 'done'))]);
  expect(errors).toHaveLength(1);
  expect(existsSync(join(folder, 'done'))).toBe(true);
});

test('a deed that fails says what was tried, what the system answered, and what to do', async () => {
  await expect(carryOut({ deed: 'write', text: '5', path: join(folder, 'no/pids.max') })).rejects.toThrow(
    /^echo 5 > \S+\/no\/pids\.max: ENOENT: there is no such file.*"boxstep doctor" lists/,
  );
});

test("a command of the host's gets the container's number and its input", async () => {
  const file = join(folder, 'out');
  await carryOut({ deed: 'run', argv: ['tee', file], input: 'pid $pid\n' }, 42);
  const { readFileSync } = await import('node:fs');
  expect(readFileSync(file, 'utf8')).toBe('pid 42\n');
});

test('a deed of a kind that a later step adds is done, shown, and undone from a journal', async () => {
  const written = join(folder, 'later');
  const touch = newDeed<string>('touch', {
    asShell: (path) => `touch ${path}`,
    carryOut: (path) => writeFileSync(path, ''),
  });
  expect(asShell(touch(written))).toBe(`touch ${written}`);
  const dead = openJournal('dead', journals);
  dead?.record([touch(written)]);
  dead?.close();
  expect(await prune([], journals)).toEqual({ names: ['dead'], errors: [] });
  expect(existsSync(written)).toBe(true);
});

test('what only a later step can undo stays in its journal, and prune says so', async () => {
  const dead = openJournal('dead', journals);
  dead?.record([{ deed: 'other', kind: 'unheard-of', of: 1 }]);
  dead?.close();
  const { errors } = await prune([], journals);
  expect(errors.map(({ message }) => message)).toEqual([
    'unheard-of 1: error: "unheard-of" is a deed of a later step: prune with that step\'s command',
  ]);
  expect(readdirSync(journals)).toEqual(['dead']);
});

test('what a journal tells of its container stands beside what is to be undone, for those who do not own it', () => {
  const undo = [rmdirIfEmpty(join(folder, 'left'))];
  expect(toldIn('web', journals)).toBeUndefined();
  const owner = openJournal('web', journals);
  owner?.record(undo);
  expect(toldIn('web', journals)).toBeNull();
  owner?.tell({ pid: 7, limit: 2n ** 64n });
  expect(toldIn('web', journals)).toEqual({ pid: 7, limit: '18446744073709551616' });
  owner?.close();
  const next = openJournal('web', journals);
  expect(next?.left).toEqual(undo);
  next?.discard();
});

test('what is half written is not told yet', () => {
  openJournal('web', journals)?.close();
  writeFileSync(join(journals, 'web'), '[]\n{"pid": 7');
  expect(toldIn('web', journals)).toBeNull();
});
