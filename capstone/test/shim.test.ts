import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AT_FDCWD,
  CLONE_NEWPID,
  clone3,
  close,
  execve,
  fchdir,
  graphText,
  layOut,
  type Made,
  openat,
  openLifeline,
  openMeeting,
  read,
  setsid,
} from 'shared-native';
import { afterAll, describe, expect, test } from 'vitest';
import { descriptorsIn } from '../src/shim/descriptors.ts';
import { type Stay, shimGraph, starterGraph } from '../src/shim/graph.ts';
import type { Log } from '../src/shim/log-graph.ts';
import { readStatus, reserveStatus } from '../src/shim/status.ts';
import { shimText } from '../src/shim/text.ts';
import { refused } from '../src/shim/watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-shim-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LOG: Log = {
  file: 60,
  mark: new Uint8Array(16),
  header: new Uint8Array(48),
  out: 61,
  err: 62,
  bufferBytes: 4096,
  rotation: { directory: 63, names: ['log', 'log.1', 'log.2'], maxSize: 1000 },
};

function graph(log?: Log, more: Partial<Stay> = {}) {
  const [meeting, lifeline] = [openMeeting(), openLifeline()];
  try {
    return shimGraph(
      {
        title: 'web',
        joins: [],
        persona: 0,
        oom: { shim: -999, before: 0 },
        calls: [execve('/bin/true', ['true'], [])],
        namespaces: CLONE_NEWPID,
        keeps: [50],
        passes: [51, 52],
        executed: 53,
        meeting,
        lifeline,
        status: 54,
        turn: 55,
        cleanUp: ['/bin/boxstep', 'clean-up', 'web'],
        environment: [],
        ...(log && { log }),
        ...more,
      },
      { address: 0x21_0000, offset: 0x1_0000, length: 8192, fd: 56 },
      new Uint8Array(4),
    );
  } finally {
    for (const end of [meeting.passedOn, meeting.shut, lifeline.passedOn, lifeline.end]) end();
  }
}

describe('the shim’s graph', () => {
  test.each(['x64', 'arm64'] as const)('is whole, as a program for %s', (machine) => {
    expect(layOut(graph(), machine).isGraph).toBe(true);
  });

  test.each(['x64', 'arm64'] as const)('is whole with a log, too, as a program for %s', (machine) => {
    const { calls, records } = layOut(graph(LOG), machine);
    expect(calls.filter(({ name }) => name === 'writev')).toHaveLength(6); // four ways to a frame, the first of a new file, and the status
    expect(records).toHaveLength(calls.length + 1);
  });

  test('with a log never waits for one thing alone', () => {
    const text = graphText(graph(LOG));
    expect(text).toMatch(/pidfd=\[24 bytes\]/);
    expect(text).toContain(
      'wait4(-1, [4 bytes], WNOHANG, [144 bytes]) >= 1 or ECHILD\n  then rest of stdout\n  if one fails, look how long it is',
    );
    expect(text).not.toMatch(/wait4\(-1, \[4 bytes\], 0/);
  });

  test('tells what it does', () => {
    const text = graphText(graph());
    expect(text).toMatch(
      /clone3\(\{flags=CLONE_PIDFD\|CLONE_PARENT_SETTID\|CLONE_NEWPID, .* == 0\n {2}then container\n {2}if one fails, let go\n/,
    );
    expect(text).toMatch(
      /wait4\(-1, \[4 bytes\], 0, \[144 bytes\]\)\n {2}then write down\n {2}if one fails, write down\n/,
    );
    expect(text).toMatch(/execve\("\/bin\/boxstep", \["\/bin\/boxstep", "clean-up", "web"\], \[\]\)\n$/);
  });

  test('goes to no other way when the container’s program fails: a child must never do what a shim does', () => {
    expect(graph().container).not.toHaveProperty('other');
  });

  test('is printed by plan --shim, with rotation', () => {
    const text = shimText({ maxSize: 1000, maxFile: 3, bufferBytes: 4096 });
    expect(text).toContain(
      'renameat2(66, "log.1", 66, "log.2", 0) or any error\n  renameat2(66, "log", 66, "log.1", 0)',
    );
    expect(text).toContain('lseek(63, 0, SEEK_END) >= 1000\n  then rotate\n  if one fails, watch\n');
  });

  test('is printed for the container that a command line asks for: its log, its name, its command', () => {
    const text = shimText({ maxFile: 1, bufferBytes: 8192 }, { title: 'web', command: ['httpd', '-f'] });
    expect(text).not.toContain('renameat2');
    expect(text).toContain('read(64, [8192 bytes], 8192)');
    expect(text).toContain('execve("httpd", ["httpd", "-f"], [])');
    expect(text).toMatch(/\["boxstep", "clean-up", "web"\]/);
  });

  test('is begun by a process that leaves the shim to init', () => {
    expect(graphText(starterGraph('web', 9, [5], new Uint8Array(4), 0))).toMatch(
      /CLONE_VFORK.* == 0\n {2}then become the shim/,
    );
  });
});

describe('what kept a container from being', () => {
  const [born, none] = [7, -11].map((result) => ({ call: clone3({ flags: CLONE_NEWPID }), result }));
  const map = { call: setsid(), result: -1 };

  test('is the first call that failed on the way to its process', () => {
    expect(refused([map, none as Made])?.code).toBe('EPERM');
    expect(refused([none as Made])?.code).toBe('EAGAIN');
  });

  test('is not a read of the shim’s, of what isn’t there yet', () => {
    expect(refused([born as Made, { call: read(9, new Uint8Array(1)), result: -11 }])).toBeUndefined();
  });
});

test('the descriptors that calls name are found, but for standard streams and those that aren’t open', () => {
  const file = openSync('/dev/null', 'r');
  const there = openat(AT_FDCWD, '/', 0);
  try {
    expect(descriptorsIn([close(file), close(1), close(file), fchdir(there), close(1000)])).toEqual([file]);
  } finally {
    closeSync(file);
  }
});

describe('a status that is written down', () => {
  const path = join(folder, 'status');

  function reserved(): Buffer {
    const file = openSync(path, 'w+');
    reserveStatus(file);
    const bytes = Buffer.alloc(200);
    const length = readSync(file, bytes); // from its beginning on, where a shim writes
    closeSync(file);
    return bytes.subarray(0, length);
  }

  test('takes no room that wasn’t reserved', () => {
    expect(reserved()).toHaveLength(148);
  });

  test('says how it ended, and what it used', () => {
    const file = Buffer.alloc(148);
    file.writeInt32LE(9, 0);
    file.writeBigInt64LE(2n, 4); // 2.5 s for itself
    file.writeBigInt64LE(500_000n, 12);
    file.writeBigInt64LE(3n, 28); // 3 µs of the system's
    writeFileSync(path, file);
    expect(readStatus(path)).toEqual({ status: null, signal: 'SIGKILL', microseconds: 2_500_003 });
  });

  test.each([
    ['is none before the end', Buffer.alloc(0)],
    ['is none where its room is reserved', reserved()],
    ['is none where there was no process to wait for', Buffer.alloc(148, 0xff)],
  ])('%s', (_, file) => {
    writeFileSync(path, file);
    expect(readStatus(path)).toBeUndefined();
  });

  test.each([100, 200])('can’t be read where it has %i bytes, which no shim writes', (length) => {
    writeFileSync(path, Buffer.alloc(length));
    expect(readStatus(path)).toBe('unreadable');
  });
});

test('a status file that a new start empties while it is read says nothing, and is no error', () => {
  // This file of sysfs is as large as a page when it is looked at, and empty when it is read.
  expect(readStatus('/sys/class/net/lo/ifalias')).toBeUndefined();
});
