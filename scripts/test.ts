import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRootfs } from 'step-01';
import { $, chalk } from 'zx';
import { marked } from '../test/marked.ts';
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
const AFTER = ['nice', '-n', '5']; // leaves the processors to tests of signals and terminals, here and in a guest
const checks = { passed: 0, failed: 0 };
$.stdio = ['ignore', 'pipe', 'pipe'];
$.nothrow = true;
$.preferLocal = true;

const without = knownNotToBe(); // a word that is wrong is told before anything runs
const systems = await testAll();
rmSync(folder, { recursive: true });
report();

/**
 * Three lanes at a time: the fast guest, which has one processor before the others; the tests that make containers, which
 * look at what others have left; and all the rest, after which comes the slow guest.
 */
async function testAll(): Promise<System[]> {
  if (!isWhole && !onlyGuests) return [here(await inTurn('unit', 'browser', 'boots', 'e2e'))];
  await prepare();
  const uml = testInGuest('uml', filters);
  const containers = onlyGuests ? [] : inTurn('e2e');
  const rest = onlyGuests ? [] : await apart();
  const qemu = filters.length > 0 ? [] : [await testInGuest('qemu')];
  const tested = onlyGuests ? [] : [here([...rest, ...(await containers)])];
  return [...tested, await uml, ...qemu];
}

/** What guests would otherwise each do for themselves, and slowly: the root filesystem and the compile cache. */
async function prepare(): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  await $`./boxstep 4 plan ${await defaultRootfs()} true`;
}

/** What makes no container on this machine. */
async function apart(): Promise<Results[]> {
  await check('Biome', ...AFTER, 'biome', 'check', '--error-on-warnings', '.');
  await check('TypeScript', ...AFTER, 'tsc');
  return inTurn('unit', 'browser', 'boots');
}

async function check(title: string, ...words: string[]): Promise<void> {
  if ((await shown(title, words)) === 0) checks.passed++;
  else checks.failed++;
}

/** Runs projects of vitest.config.ts, one after another. */
async function inTurn(...projects: string[]): Promise<Results[]> {
  const all: Results[] = [];
  for (const project of projects) all.push(await tests(project));
  return all;
}

async function tests(project: string): Promise<Results> {
  const file = join(folder, `${project}.json`);
  const words = [
    ...(project === 'e2e' ? [] : AFTER),
    'vitest',
    'run',
    '--project',
    project,
    '--passWithNoTests',
    ...filters,
  ];
  const exitCode = await shown(project, words, { BOXSTEP_RESULTS: file });
  const results = read(file);
  const failed = results.errors > 0 || results.tests.some(({ state }) => state === 'failed');
  return exitCode === 0 || failed ? results : { ...results, errors: 1 };
}

/** Runs a command and shows what it says: as it comes if it's alone, else each line with a mark before it. */
async function shown(title: string, words: string[], more: NodeJS.ProcessEnv = {}): Promise<number | null> {
  const env = { ...process.env, ...(chalk.level > 0 && { FORCE_COLOR: '1' }), ...more };
  if (!isWhole) {
    console.log(chalk.bold(`\n${title}`));
    return (await $({ env, stdio: ['ignore', 'inherit', 'inherit'] })`${words}`).exitCode;
  }
  const command = $({ env })`${words}`;
  for (const stream of [command.stdout, command.stderr]) stream.pipe(marked(title));
  return (await command).exitCode;
}

function here(results: readonly Results[]): System {
  const errors = results.reduce((sum, one) => sum + one.errors, 0);
  return { title: 'this machine', results: { ...thisSystem(), tests: results.flatMap(({ tests }) => tests), errors } };
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
