import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRootfs } from 'step-01';
import { $, chalk } from 'zx';
import { knownNotToBe } from '../test/needs.ts';
import { bites, type System, skips, troubles, verdict } from '../test/report.ts';
import { type Results, thisSystem } from '../test/results-reporter.ts';
import { FAILED, testInGuest } from '../test/vm/suite.ts';

// `npm test`: everything that must be right before a change lands, on this machine and in guests that have another
// kernel and cgroup v2 alone. With arguments, only vitest on this machine, which gets them. `pnpm test:v2` (--v2):
// only the guests.
const filters = process.argv.slice(2).filter((word) => word !== '--v2');
const onlyGuests = process.argv.includes('--v2');
const isWhole = filters.length === 0 && !onlyGuests;
const folder = mkdtempSync(join(tmpdir(), 'boxstep-test-'));
const checks = { passed: 0, failed: 0 };
$.stdio = ['ignore', 'inherit', 'inherit'];
$.nothrow = true;
$.preferLocal = true;

const without = knownNotToBe(); // a word that is wrong is told before anything runs
const systems = await testAll();
rmSync(folder, { recursive: true });
report();

/** The fast guest has one processor for itself; the slow one comes when the other is free. */
async function testAll(): Promise<System[]> {
  if (!isWhole && !onlyGuests) return [await testHere()];
  await prepare();
  const uml = testInGuest('uml', filters);
  const here = onlyGuests ? [] : [await testHere()];
  const qemu = filters.length > 0 ? [] : [await testInGuest('qemu')];
  return [...here, await uml, ...qemu];
}

/** What guests would otherwise each do for themselves, and slowly: the root filesystem and the compile cache. */
async function prepare(): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  await defaultRootfs();
  await $({ stdio: 'ignore' })`./boxstep 4 plan / true`;
}

async function testHere(): Promise<System> {
  if (isWhole) {
    await check('Biome: format and lint', $`biome check --error-on-warnings .`);
    await check('TypeScript: types', $`tsc`);
  }
  const all = [await tests('unit'), await tests('browser'), await tests('e2e')];
  const errors = all.reduce((sum, one) => sum + one.errors, 0);
  const results = { ...thisSystem(), tests: all.flatMap(({ tests }) => tests), errors };
  return { title: 'this machine', results };
}

async function check(title: string, command: PromiseLike<{ exitCode: number | null }>): Promise<void> {
  console.log(chalk.bold(`\n${title}`));
  const { exitCode } = await command;
  if (exitCode === 0) checks.passed++;
  else checks.failed++;
}

async function tests(project: string): Promise<Results> {
  console.log(chalk.bold(`\nTests: ${project}`));
  const file = join(folder, `${project}.json`);
  const { exitCode } = await $({
    env: { ...process.env, BOXSTEP_RESULTS: file },
  })`vitest run --project ${project} --passWithNoTests ${filters}`;
  const results = read(file);
  const failed = results.errors > 0 || results.tests.some(({ state }) => state === 'failed');
  return exitCode === 0 || failed ? results : { ...results, errors: 1 };
}

function read(file: string): Results {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return FAILED; // vitest ended before it could count
  }
}

function report(): void {
  const { passed, failed, skipped, unexpected } = verdict(systems, without);
  for (const table of [bites(systems), skips(systems), troubles(systems)]) {
    if (table.length > 0) console.log(`\n${table.join('\n')}`);
  }
  const isFailure = isWhole && Boolean(process.env.CI) && unexpected.length > 0;
  if (isFailure) {
    console.log(
      chalk.red('\nWith CI=true a test that runs nowhere is a failure. Install what it needs, or name that:'),
    );
    console.log(chalk.red('BOXSTEP_WITHOUT=v1 says that this environment is known to have no cgroup v1. The tests:'));
    for (const test of unexpected) console.log(`  ${test}`);
  }
  const counts = {
    passed: passed + checks.passed,
    failed: failed + checks.failed + (isFailure ? unexpected.length : 0),
    skipped: skipped - (isFailure ? unexpected.length : 0),
  };
  process.exitCode = counts.failed === 0 ? 0 : 1;
  const { passed: p, failed: f, skipped: s } = counts;
  console.log(`\n${p} passed, ${f} failed${s > 0 ? `, ${s} skipped` : ''}`);
}
