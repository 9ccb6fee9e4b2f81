import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT } from '../src/capabilities.ts';
import { BUILTIN, filterOf } from '../src/seccomp/filter.ts';
import { COMPILER } from '../src/seccomp/kept.ts';

const SITUATION = { arch: 'x86_64', capabilities: DEFAULT, kernel: '6.18.0' } as const;
let directory: string;
const before = process.env.BOXSTEP_CACHE;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'boxstep-filters-'));
  process.env.BOXSTEP_CACHE = directory;
});
afterEach(() => {
  rmSync(directory, { recursive: true });
  if (before === undefined) delete process.env.BOXSTEP_CACHE;
  else process.env.BOXSTEP_CACHE = before;
});
const kept = () => readdirSync(join(directory, 'seccomp')).map((name) => join(directory, 'seccomp', name));

test('a compiler that makes another program of a profile has another number', () => {
  const { program } = filterOf(BUILTIN, SITUATION);
  const digest = createHash('sha256').update(
    JSON.stringify(program.map(({ code, jt = 0, jf = 0, k }) => [code, jt, jf, k])),
  );
  expect([COMPILER, digest.digest('hex').slice(0, 16)]).toEqual([2, 'e8dfe7ef096efe1a']);
});

test('what was compiled is read the next time, and is the same', () => {
  const first = filterOf(BUILTIN, SITUATION);
  expect(kept().length).toBe(1);
  const again = filterOf(BUILTIN, SITUATION);
  expect(again.flags).toBe(first.flags);
  expect(again.program).toEqual(first.program.map((one) => ({ jt: 0, jf: 0, ...one })));
});

test('another set of capabilities, kernel or profile is another filter', () => {
  filterOf(BUILTIN, SITUATION);
  filterOf(BUILTIN, { ...SITUATION, capabilities: ['CAP_SYS_ADMIN'] });
  filterOf(BUILTIN, { ...SITUATION, kernel: '4.7.0' });
  filterOf('{"defaultAction":"SCMP_ACT_ALLOW"}', SITUATION);
  expect(kept().length).toBe(4);
});

test('a file that others could have written, or that is half of one, isn’t believed', () => {
  const { program } = filterOf(BUILTIN, SITUATION);
  const [file = ''] = kept();
  const whole = readFileSync(file);
  const source = whole.subarray(8 * (program.length + 1), whole.length / 2);
  const allowing = Buffer.alloc(16);
  allowing.writeUint32LE(1, 4);
  allowing.writeUint16LE(6, 8); // BPF_RET
  writeFileSync(file, Buffer.concat([allowing, source, allowing, source]));
  expect(filterOf(BUILTIN, SITUATION).program.length, 'it is ours: it is believed').toBe(1);
  chmodSync(file, 0o666);
  expect(filterOf(BUILTIN, SITUATION).program.length).toBe(program.length);
  const ofAnother = Buffer.concat([allowing, Buffer.from('[1,{}]')]);
  const half = whole.subarray(0, whole.length / 2);
  for (const spoiled of [whole.subarray(0, -8), half, '', '\0'.repeat(64), Buffer.concat([ofAnother, ofAnother])]) {
    rmSync(file);
    writeFileSync(file, spoiled, { mode: 0o600 });
    expect(filterOf(BUILTIN, SITUATION).program.length).toBe(program.length);
  }
  for (const other of [() => mkdirSync(file), () => symlinkSync(file, file)]) {
    rmSync(file);
    other();
    expect(filterOf(BUILTIN, SITUATION).program.length).toBe(program.length);
    expect(readFileSync(file)).toEqual(whole);
  }
});
