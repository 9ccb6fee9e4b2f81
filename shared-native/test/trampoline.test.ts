import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import {
  type Call,
  close,
  exitGroup,
  layOut,
  type Machine,
  machineCode,
  mkdir,
  O_CREAT,
  O_RDWR,
  openat,
  pipe2,
  TRAMPOLINE,
  tolerate,
  write,
} from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-trampoline-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the bytes are what an assembler makes of the instructions beside them', () => {
  const assembled = (as: string, machine: Machine, dialect: string) => {
    const [source, object, code] = ['s', 'o', 'bin'].map((ending) => join(folder, `${machine}.${ending}`)) as [
      string,
      string,
      string,
    ];
    writeFileSync(source, `${dialect}\n${TRAMPOLINE[machine].map(([, line]) => line).join('\n')}\n`);
    execFileSync(as, ['-o', object, source]);
    execFileSync(as.replace(/as$/, 'objcopy'), ['-O', 'binary', '-j', '.text', object, code]);
    return readFileSync(code).toString('hex');
  };

  describe('x86-64', () => {
    beforeEach(needs('as for x86-64'));
    test('x86-64', () => {
      const bytes = assembled('x86_64-linux-gnu-as', 'x64', '.intel_syntax noprefix');
      expect(Buffer.from(machineCode('x64')).toString('hex')).toBe(bytes);
    });
  });

  describe('arm64', () => {
    beforeEach(needs('as for arm64'));
    test('arm64', () => {
      expect(Buffer.from(machineCode('arm64')).toString('hex')).toBe(assembled('aarch64-linux-gnu-as', 'arm64', ''));
    });
  });
});

describe('the arm64 code runs an arm64 program', () => {
  beforeEach(needs('as for arm64', 'qemu for arm64'));

  test('it passes results on, steps over the error that is fine, and stops at the first other one', () => {
    const made = join(folder, 'made');
    const file = openat(-100, join(made, 'file'), O_CREAT | O_RDWR, 0o644);
    const calls = [
      mkdir(made, 0o755),
      tolerate(mkdir(made, 0o755), 'EEXIST'),
      file,
      write(file, 'by arm64'),
      close(file),
    ];
    expect(status([...calls, exitGroup(42)])).toBe(42);
    expect(readFileSync(join(made, 'file'), 'utf8')).toBe('by arm64');
    expect(status([mkdir(made, 0o755), exitGroup(42)])).toBe(127);
    expect(status([pipe2(new Uint8Array(8), 0)])).toBe(127);
  });

  /** Builds a static program for arm64 out of the machine code and a laid-out program, and runs it under qemu. */
  function status(calls: readonly Call[]): number {
    const { image, pointers } = layOut(calls, 'arm64');
    const base = 0x50_0000;
    const loaded = Buffer.from(image);
    for (const offset of pointers) loaded.writeBigInt64LE(loaded.readBigInt64LE(offset) + BigInt(base), offset);
    writeFileSync(join(folder, 'image'), loaded);
    writeFileSync(join(folder, 'code'), machineCode('arm64'));
    writeFileSync(
      join(folder, 'start.s'),
      `.globl _start\n_start: movz x0, #${base >> 16}, lsl #16\n.incbin "${folder}/code"\n.data\n.incbin "${folder}/image"\n`,
    );
    const object = join(folder, 'start.o');
    const program = join(folder, 'start');
    execFileSync('aarch64-linux-gnu-as', ['-o', object, join(folder, 'start.s')]);
    execFileSync('aarch64-linux-gnu-ld', ['-Ttext=0x400000', `-Tdata=0x${base.toString(16)}`, '-o', program, object]);
    const { status, signal, error, stderr } = spawnSync('qemu-aarch64', [program], { encoding: 'utf8' });
    if (status === null) throw new Error(`qemu-aarch64 ended with ${signal ?? error}: ${stderr}`);
    return status;
  }
});
