import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clone, type Exit, NOT_MADE } from 'shared-native';
import { describe, expect, onTestFinished, test } from 'vitest';
import { laid, program } from '../trampoline/program.ts';
import { type Moment, moments } from '../trampoline/trace.ts';
import type { Laid, Run } from '../trampoline/types.ts';

const page = laid();
const run = (title: string) => page.runs.find((one) => one.title === title) as Run;

/** What stands in the result cells at the end, and the status of the end. */
function came(all: readonly Moment[], { records, address }: Laid) {
  const last = all.at(-1) as Moment;
  const cells = records.slice(0, -2).map((record) => last.memory.getBigInt64(record.address - address, true));
  return { results: cells.filter((result) => result !== BigInt(NOT_MADE)), status: Number(last.registers.rdi) };
}

/** The same of a real process on a real kernel: of this machine, whose instructions may be others. */
async function reallyCame(prepare: (folder: string) => void) {
  const top = mkdtempSync(join(tmpdir(), 'boxstep-trampoline-'));
  onTestFinished(() => rmSync(top, { recursive: true }));
  prepare(join(top, 'box'));
  const child = clone(program(join(top, 'box')));
  child.proceed();
  const { made, status }: Exit = await child.exited;
  const results = made.filter(({ call }) => call.name !== 'exit_group').map(({ result }) => BigInt(result));
  return { results, status };
}

/** A descriptor may be any. */
const anyDescriptor = ({ results, status }: { results: bigint[]; status: number | null }) => ({
  results: results.map((result, nth) => (nth === 1 && result > 2n ? 'a descriptor' : result)),
  status,
});

describe('the interpreter leaves in the cells what the kernel does', () => {
  test.each([
    ['All goes well', () => {}],
    ['The directory is there already', (folder: string) => mkdirSync(folder)],
    ['The file can’t be made', (folder: string) => mkdirSync(join(folder, 'hello'), { recursive: true })],
  ])('%s', async (title, prepare) => {
    const kernel = await reallyCame(prepare);
    expect(anyDescriptor(came(moments(page, run(title)), page))).toEqual(anyDescriptor(kernel));
  });
});

test('a call takes the result of an earlier one from that one’s record', () => {
  const syscall = page.code.findIndex(([, assembly]) => assembly === 'syscall');
  const calls = moments(page, run('All goes well')).filter(({ next }) => next === syscall);
  expect(calls.map(({ registers }) => registers.rax)).toEqual([83n, 257n, 1n, 3n, 231n]);
  expect(calls.slice(2, 4).map(({ registers }) => registers.rdi)).toEqual([3n, 3n]);
});

test('it is the bytes that are run: with another jump, a call that succeeds is one that failed', () => {
  const code = page.code.map(([bytes, assembly]) => [bytes.replace(/^7d 0a$/, '7d 00'), assembly] as const);
  const { results, status } = came(moments({ ...page, code }, run('All goes well')), page);
  expect({ results, status }).toEqual({ results: [0n], status: 127 });
});

test('bytes that are none of the trampoline’s instructions are refused', () => {
  const code = page.code.map(([bytes, assembly], nth) => [nth === 0 ? '90 90 90' : bytes, assembly] as const);
  expect(() => moments({ ...page, code }, run('All goes well'))).toThrow('begins with 90');
});
