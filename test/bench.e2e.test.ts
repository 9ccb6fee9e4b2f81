import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { defaultRootfs } from 'step-01';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { compileC } from './bench/c-program.ts';
import { PLANS } from './bench/warm.ts';
import { leftovers, REPOSITORY } from './boxstep.ts';
import { needs } from './needs.ts';

beforeEach(needs('root', 'cc', 'strace', 'nft'));

const NAME = 'bench-test';
const folder = mkdtempSync(join(tmpdir(), 'boxstep-bench-test-'));
beforeAll(async () => void (await defaultRootfs()));
afterAll(() => {
  rmSync(folder, { recursive: true });
  expect(leftovers(NAME)).toEqual([]);
});

const OURS = (nth: number) => `
  import { PLANS } from '${REPOSITORY}/test/bench/warm.ts';
  import { start } from '${REPOSITORY}/steps/01-namespaces/src/index.ts';
  await (await start(PLANS[${nth}].plan('${NAME}'))).exited;
`;

/** The calls that a container's first process makes until it is the command, as strace sees them. */
async function callsOf(file: string, args: string[], input: string): Promise<string[]> {
  const logs = mkdtempSync(join(folder, 'strace-'));
  await execa('strace', ['-ff', '-s', '300', '-o', join(logs, 'of'), file, ...args], { input, cwd: REPOSITORY });
  const processes = readdirSync(logs).map((log) => readFileSync(join(logs, log), 'utf8').split('\n'));
  const child = processes.find((lines) => lines.some((line) => line.startsWith('prctl(PR_SET_PDEATHSIG'))) ?? [];
  return child.slice(0, child.findIndex((line) => line.startsWith('execve(')) + 1).map(withoutNumbers);
}

/** Those of the launcher, which executes the program in ours: the C program has nothing that nobody may write to. */
const LAUNCHER = [
  'dup3(N, N, O_CLOEXEC)',
  'fcntl(N, F_SETFD, N)',
  'execveat(N, "", ["boxstep-launcher"], N /* N vars */, AT_EMPTY_PATH)',
  'prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)',
  'mmap(N, N, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_FIXED, N, N)',
  'close(N)',
];

/** Without the launcher: the first of its calls come early, the rest right before the last call of all. */
function withoutLauncher(calls: readonly string[]): string[] {
  const [early = '', ...late] = LAUNCHER;
  expect(calls.slice(-1 - late.length, -1)).toEqual(late);
  return calls.toSpliced(-1 - late.length, late.length).toSpliced(calls.indexOf(early), 1);
}

/** A call without its result, and without numbers: descriptors and addresses are other ones. */
function withoutNumbers(line: string): string {
  return line.replace(/\) += .*$/, ')').replace(/\b(0x[0-9a-f]+|\d+)\b/g, 'N');
}

test.each(PLANS.map(({ title }, nth) => [title, nth] as const))(
  '%s: the C program that it is measured against makes the same calls',
  async (_, nth) => {
    const plan = PLANS[nth]?.plan(NAME) ?? expect.unreachable();
    const c = await callsOf(compileC(mkdtempSync(join(folder, 'c-')), plan), [], 'journal 1\n');
    const ours = await callsOf(process.execPath, ['--input-type=module', '-e', OURS(nth)], '');
    expect(c).toEqual(withoutLauncher(ours));
    expect(ours.at(-1)).toMatch(/^execve\("\/bin\/true"/);
  },
);
