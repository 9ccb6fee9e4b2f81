import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { testInGuest } from '../test/vm/suite.ts';

// `node scripts/setup.mjs run fault [tests]`: is the guest worth its time? A fault is put into a copy that only the tests see:
// v2's memory.max gets kilobytes. No plan shows it, since it's made where the file is written. All tests must pass on
// this machine, if its memory controller is on v1, and those in the guest must fail.
const FILE = 'steps/01-namespaces/src/engine/deeds.ts';
const RIGHT = 'writeFileSync(path, text.';
const WRONG = "writeFileSync(path, path.endsWith('/memory.max') ? String(Number(text) >> 10) : text.";
const TESTS = process.argv.length > 2 ? process.argv.slice(2) : ['steps', 'test/smoke'];

if (process.argv[2] === 'put') {
  const source = readFileSync(FILE, 'utf8');
  if (source.split(RIGHT).length !== 2) throw new Error(`${FILE}: expected ${RIGHT} once; tell scripts/fault.ts`);
  writeFileSync(FILE, source.replace(RIGHT, WRONG));
} else {
  const here = await testHere();
  console.log(
    `\nOn this machine ${here === 0 ? 'no test sees the fault.' : 'a test sees it: is its memory controller on v2?'}`,
  );
  const there = await testInGuest(
    'uml',
    ['steps/03-limits/test/bites.e2e', '--testNamePattern=memory'],
    'node scripts/fault.ts put',
  );
  const seen = there.results?.tests.filter(({ state }) => state === 'failed') ?? [];
  console.log(
    `\nIn the guest ${seen.length} tests see it:\n${seen.map(({ test }) => `  ${test}\n`).join('')}${there.why ?? ''}`,
  );
  process.exitCode = here === 0 && seen.length > 0 ? 0 : 1;
}

/** Runs tests on a copy: an overlay over this folder, in a mount namespace that ends with them. */
async function testHere(): Promise<number | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'boxstep-fault-'));
  const script = `mount -t tmpfs fault "$0" && mkdir "$0/upper" "$0/work" && cd / &&
    mount -t overlay -o "lowerdir=$1,upperdir=$0/upper,workdir=$0/work" fault "$1" && cd "$1" &&
    node=$2 && shift 2 && "$node" scripts/fault.ts put && exec "$node" "$@"`;
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...TESTS];
  const words = ['--mount', 'bash', '-c', script, folder, process.cwd(), process.execPath, ...vitest];
  const { exitCode } = await execa('unshare', words, { reject: false, stdio: 'inherit' });
  rmSync(folder, { recursive: true });
  return exitCode;
}
