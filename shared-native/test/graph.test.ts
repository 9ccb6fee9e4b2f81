import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  AT_FDCWD,
  atLeast,
  type Call,
  CLONE_PARENT_SETTID,
  CLONE_VM,
  clone,
  cloneCall,
  close,
  exactly,
  execve,
  exitGroup,
  type Graph,
  getpid,
  graphText,
  layOut,
  mkdir,
  O_CREAT,
  O_RDONLY,
  O_WRONLY,
  openat,
  perform,
  read,
  SIGCHLD,
  tolerate,
  unlink,
  wait4,
  write,
  writev,
} from '../src/index.ts';
import { machine, model } from '../src/model/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-graph-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text = '') => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

async function statusOf(graph: Graph): Promise<number | null> {
  const child = clone(graph);
  child.proceed();
  return (await child.exited).status;
}

const nowhere = mkdir('/proc/no/such', 0o755);
const exits = (status: number) => ({ calls: [exitGroup(status)] });

describe('the way through a graph', () => {
  test('goes on with the next node after success', async () => {
    expect(await statusOf({ first: { calls: [getpid()], next: 'second' }, second: exits(3) })).toBe(3);
  });

  test('goes the other way at the first call that fails', async () => {
    const calls = [getpid(), nowhere, exitGroup(1)];
    expect(await statusOf({ first: { calls, other: 'rescue' }, rescue: exits(4) })).toBe(4);
  });

  test('ends with 127 at a failure for which there is no other way', async () => {
    expect(await statusOf({ first: { calls: [nowhere], next: 'second' }, second: exits(0) })).toBe(127);
  });

  test('goes on after an error that is fine', async () => {
    const calls = [tolerate(mkdir('/', 0o755), 'EEXIST')];
    expect(await statusOf({ first: { calls, next: 'good', other: 'bad' }, good: exits(5), bad: exits(6) })).toBe(5);
  });

  test('goes round until a call fails: a file is read to its end', async () => {
    const from = openat(AT_FDCWD, file('long', 'x'.repeat(100)), O_RDONLY);
    const byte = new Uint8Array(1);
    const chunk = atLeast(read(from, byte), 1);
    const made: Graph = {
      open: { calls: [from], next: 'read', other: 'bad' },
      read: { calls: [chunk], next: 'read', other: 'end' },
      end: exits(7),
      bad: exits(8),
    };
    const child = clone(made);
    child.proceed();
    const { status, made: answers } = await child.exited;
    expect(status).toBe(7);
    expect(answers.find(({ call }) => call === chunk)?.result).toBe(0); // the last of a hundred and one
    expect(String.fromCharCode(...byte)).toBe('x');
  });

  test('takes a result of a node before, also one that comes again', async () => {
    const path = file('taken');
    const target = openat(AT_FDCWD, path, O_WRONLY);
    const graph: Graph = {
      open: { calls: [target, close(target)], next: 'again' },
      again: { calls: [exactly(write(target, 'x'), 1)], next: 'written', other: 'reopen' },
      reopen: { calls: [openat(AT_FDCWD, path, O_WRONLY)], next: 'again' },
      written: exits(0),
    };
    expect(await statusOf(graph)).toBe(0); // the lowest number is free, so the file has it again
    expect(readFileSync(path, 'utf8')).toBe('x');
  });
});

describe('one result alone', () => {
  test('sends the new process one way, and the old one the other', async () => {
    const tid = new Uint8Array(4);
    const status = new Uint8Array(4);
    const graph: Graph = {
      fork: {
        calls: [exactly(cloneCall(CLONE_VM | CLONE_PARENT_SETTID | SIGCHLD, tid), 0)],
        next: 'child',
        other: 'parent',
      },
      child: exits(9),
      parent: { calls: [wait4(-1, status)], next: 'good', other: 'bad' },
      good: exits(10),
      bad: exits(11),
    };
    expect(await statusOf(graph)).toBe(10);
    expect(status[1]).toBe(9);
    expect(new Int32Array(tid.buffer)[0]).toBeGreaterThan(0);
  });

  test('that doesn’t come is failure, for perform, too', () => {
    expect(perform(exactly(close(openSync('/dev/null', 'r')), 0))).toBe(0);
    const nul = openSync('/dev/null', 'r');
    try {
      expect(() => perform(exactly(read(nul, new Uint8Array(1)), 1))).toThrow('0: just 1 was needed');
    } finally {
      closeSync(nul);
    }
  });

  test('leaves no place for an error that is fine', () => {
    expect(() => exactly(tolerate(getpid(), 'EPERM'), 0)).toThrow('getpid tolerates EPERM');
  });
});

describe('a room that two calls share', () => {
  test('holds for one what the other has read, as long as a result says', async () => {
    const [from, to] = [file('from', 'abc'), file('to')].map((path) => openat(AT_FDCWD, path, 2)) as [Call, Call];
    const buffer = new Uint8Array(16);
    const count = read(from, buffer);
    const vector = writev(to, [Buffer.from('read: '), { result: count }, { room: buffer, length: count }]);
    const graph: Graph = { copy: { calls: [from, to, count, vector, exitGroup(0)] } };
    expect(await statusOf(graph)).toBe(0);
    expect(readFileSync(join(folder, 'to'), 'utf8')).toBe(`read: \x03${'\0'.repeat(7)}abc`);
  });
});

describe('a graph is refused before there is a process', () => {
  const opened = openat(AT_FDCWD, '/', O_RDONLY);
  const graphs: [name: string, graph: Graph, says: string][] = [
    [
      'that leads to a name that isn’t there',
      { a: { calls: [getpid()], next: 'b' } },
      'node a leads to b, and there is',
    ],
    [
      'with a failure that leads nowhere',
      { a: { calls: [exitGroup(0)], other: 'b' } },
      'node a leads to b, and there is',
    ],
    ['with a node that nobody reaches', { a: exits(0), b: exits(1) }, 'no way leads to exit_group in node b'],
    [
      'with a call after the end of the process',
      { a: { calls: [exitGroup(0), getpid(), exitGroup(1)] } },
      'no way leads to getpid in node a',
    ],
    [
      'with a way for the failure of calls that can’t fail',
      { a: { calls: [tolerate(nowhere, 'any')], next: 'b', other: 'c' }, b: exits(0), c: exits(1) },
      'no way leads to exit_group in node c',
    ],
    [
      'with a node that doesn’t say what is next',
      { a: { calls: [getpid()] } },
      'node a ends in getpid, which comes back',
    ],
    ['with a node of no calls', { a: { calls: [getpid()], next: 'b' }, b: { calls: [] } }, 'node b makes no call'],
    ['with no node', {}, 'this one has none'],
    [
      'with a number for a name',
      { a: { calls: [getpid()], next: '1' }, 1: exits(0) },
      'node 1 has a number for a name',
    ],
    [
      'with a result that isn’t there yet',
      { a: { calls: [close(opened), opened, exitGroup(0)] } },
      "close in node a takes the result of openat, which isn't made on every way to it",
    ],
    [
      'with a result that isn’t there on one way of two',
      {
        a: { calls: [getpid(), nowhere], next: 'b', other: 'c' },
        b: { calls: [opened], next: 'c' },
        c: { calls: [close(opened), exitGroup(0)] },
      },
      "close in node c takes the result of openat, which isn't made on every way to it",
    ],
    [
      'with the result of a call that stands twice',
      { a: { calls: [opened, opened, close(opened), exitGroup(0)] } },
      'takes the result of openat, which stands in two places',
    ],
  ];
  test.each(graphs)('%s', (_, graph, says) => {
    expect(() => layOut(graph)).toThrow(says);
    expect(() => layOut(graph)).toThrow(TypeError);
  });

  test('with two structs that end in one result', () => {
    const count = read(0, new Uint8Array(1));
    const pieces = () => [{ room: new Uint8Array(1), length: count }];
    const graph: Graph = { a: { calls: [count, writev(1, pieces()), writev(1, pieces()), exitGroup(0)] } };
    expect(() => layOut(graph)).toThrow('two structs end in the result of one read');
  });

  test('but one whose result is made on both ways isn’t', () => {
    const graph: Graph = {
      a: { calls: [opened, nowhere], next: 'b', other: 'c' },
      b: { calls: [getpid()], next: 'c' },
      c: { calls: [close(opened), exitGroup(0)] },
    };
    expect(() => layOut(graph)).not.toThrow();
  });
});

test('a graph is told node by node', () => {
  const graph: Graph = {
    fork: { calls: [getpid(), exactly(cloneCall(CLONE_VM | SIGCHLD), 0)], next: 'child', other: 'lost' },
    child: { calls: [execve('/bin/true', ['true'], [])], other: 'lost' },
    lost: exits(1),
  };
  expect(graphText(graph)).toBe(`\
fork:
  getpid()
  clone(CLONE_VM|SIGCHLD) == 0
  then child
  if one fails, lost
child:
  execve("/bin/true", ["true"], [])
  if one fails, lost
lost:
  exit_group(1)
`);
});

describe('in the model of the kernel', () => {
  const at = (path: string) => openat(AT_FDCWD, path, O_WRONLY | O_CREAT, 0o644);

  test('a graph goes the ways of its results', () => {
    const graph: Graph = {
      first: { calls: [mkdir('/no/such')], next: 'good', other: 'bad' },
      good: { calls: [at('/good')], next: 'end' },
      bad: { calls: [at('/bad')], next: 'end' },
      end: exits(2),
    };
    const { end, answers, state } = model(machine()).run(graph);
    expect([end, state.process.exited]).toEqual(['exited', 2]);
    expect(answers.map(({ call }) => call.name)).toEqual(['mkdir', 'openat', 'exit_group']);
    expect(answers[1]?.call.args.pathname).toEqual({ kind: 'string', value: '/bad' });
  });

  test('a clone goes on as the new process', () => {
    const graph: Graph = {
      fork: { calls: [exactly(cloneCall(CLONE_VM | SIGCHLD), 0)], next: 'child', other: 'parent' },
      child: exits(1),
      parent: exits(2),
    };
    expect(model(machine()).run(graph).state.process.exited).toBe(1);
  });

  test('a failure without another way stops it', () => {
    const { end, failed } = model(machine()).run({ a: { calls: [unlink('/no'), exitGroup(0)] } });
    expect([end, failed?.error]).toEqual(['failed', 'ENOENT']);
  });

  test('a circle that nobody breaks is told, and not gone for ever', () => {
    const round: Graph = { a: { calls: [getpid()], next: 'a' } };
    expect(() => model(machine()).run(round)).toThrow('this program goes round in circles');
  });

  test('what is neither a list nor a graph is refused', () => {
    expect(() => model(machine()).run({ a: exits(0), b: 5 } as never)).toThrow('a list of calls, or a graph');
  });
});
