import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import {
  type Call,
  type Executable,
  executable,
  exitGroup,
  type Graph,
  MAP_FIXED,
  MAP_SHARED,
  made,
  mkdir,
  mmap,
  type Place,
  PROT_READ,
  PROT_WRITE,
  write,
} from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-executable-'));
afterAll(() => rmSync(folder, { recursive: true }));

const share = ({ address, length, fd, offset }: Place) =>
  mmap(address, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, offset);

function running<T>(graph: (place: Place) => Graph, look: (file: Executable) => T): T {
  const file = executable('test', graph);
  try {
    return look(file);
  } finally {
    file.release();
  }
}

const execute = ({ fd }: Executable) => spawnSync(`/proc/${process.pid}/fd/${fd}`, { encoding: 'utf8' });
const hello: Graph = { first: { calls: [write(1, 'hello\n')], next: 'last' }, last: { calls: [exitGroup(42)] } };

describe('a program that is a file in memory', () => {
  test('can be executed, again and again', () => {
    running(
      () => hello,
      (file) => {
        for (const _ of [1, 2]) expect(execute(file)).toMatchObject({ status: 42, stdout: 'hello\n' });
      },
    );
  });

  test('keeps its results to itself', () => {
    running(
      () => hello,
      (file) => {
        execute(file);
        expect(made(file.program, file.halves)).toEqual([]);
      },
    );
  });

  test('shares them where it maps its records anew', () => {
    const fails = mkdir('/proc/no/such');
    const sharing = (place: Place, map: Call): Graph => ({
      map: { calls: [map, fails], next: 'never', other: 'end' },
      never: { calls: [exitGroup(1)] },
      end: { calls: [write(place.fd, ''), exitGroup(7)] },
    });
    running(
      (place) => sharing(place, share(place)),
      (file) => {
        const { status } = spawnSync(`/proc/${process.pid}/fd/${file.fd}`, {
          stdio: [...Array<'ignore'>(file.fd).fill('ignore'), file.fd],
        });
        expect(status).toBe(7);
        expect(made(file.program, file.halves).map(({ call, result }) => [call.name, result])).toEqual([
          ['mmap', 0x21_0000],
          ['mkdir', -2],
          ['write', 0],
        ]);
      },
    );
  });
});

test('a program has room for the number of its pages, which may begin another page', () => {
  const page = new Uint8Array(4096); // so that 4096, the length of one page, is a number that the program has anyway
  const padded = (place: Place, bytes: number): Graph => ({
    all: { calls: [share(place), write(1, page), write(1, new Uint8Array(bytes)), exitGroup(0)] },
  });
  const lengths = Array.from({ length: 512 }, (_, eighth) =>
    running(
      (place) => padded(place, 8 * eighth + 1),
      (file) => file.bytes.length / 4096,
    ),
  );
  expect(new Set(lengths)).toEqual(new Set([2, 3]));
});

describe('a program that was executed', () => {
  test('can’t be executed again, not even by root', () => {
    running(
      () => hello,
      (file) => {
        file.passedOn();
        expect(execute(file).error).toMatchObject({ code: 'EACCES' });
      },
    );
  });

  test('can’t be written to after its release, not even by a process that already had it open', () => {
    const file = executable('test', () => hello);
    const other = openSync(`/proc/self/fd/${file.fd}`, 'r+');
    file.release();
    expect(() => writeSync(other, 'x')).toThrow('EPERM');
    expect(() => ftruncateSync(other, 0)).toThrow('EPERM');
    closeSync(other);
  });
});

describe('for arm64', () => {
  beforeEach(needs('qemu for arm64'));

  test('it runs there', () => {
    const file = executable('test', () => hello, 'arm64');
    try {
      const path = join(folder, 'arm64');
      writeFileSync(path, readFileSync(`/proc/self/fd/${file.fd}`));
      chmodSync(path, 0o755);
      expect(spawnSync('qemu-aarch64', [path], { encoding: 'utf8' })).toMatchObject({ status: 42, stdout: 'hello\n' });
    } finally {
      file.release();
    }
  });
});
