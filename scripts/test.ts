import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRootfs } from 'step-01';
import { $, chalk } from 'zx';
import { marked } from '../test/marked.ts';
import { broughtBy, knownNotToBe } from '../test/needs.ts';
import { bites, faults, reasons, type System, skips, troubles, verdict } from '../test/report.ts';
import { type Results, thisSystem } from '../test/results-reporter.ts';
import { FAILED, testInGuest } from '../test/vm/suite.ts';

// `npm test`: all that must be right before a change lands, as far as this machine can show it in minutes.
// `npm run test:all` (--all), and `npm test` with CI=true: also what takes longer. `npm run test:v2` (--v2): only the
// guests. With the names of files, only vitest on this machine, which gets them.
const files = process.argv.slice(2).filter((word) => word !== '--v2' && word !== '--all');
const which = chosen();
const SHORT = ['unit', 'e2e', 'rootless'].flatMap((project) => ['--project', project]);
const LONG =
  'on other kernels (user-mode Linux, qemu, arm64), fresh machines, Vagrant, the site in a browser, every wrong and right solution, a whole class, hundreds of kills';
const folder = mkdtempSync(join(tmpdir(), 'boxstep-test-'));
$.nothrow = true;
$.preferLocal = true;

const without = knownNotToBe(); // a word that is wrong is told before anything runs
const systems = await tested();
rmSync(folder, { recursive: true });
report();

function chosen(): 'guests' | 'files' | 'all' | 'here' {
  if (process.argv.includes('--v2')) return 'guests';
  if (files.length > 0) return 'files';
  return process.argv.includes('--all') || process.env.CI ? 'all' : 'here';
}

async function tested(): Promise<System[]> {
  if (which === 'files') return [here(await vitest(files))];
  await prepare();
  if (which === 'here') return [here(await vitest(SHORT))];
  const guests = inGuests();
  return [...(which === 'all' ? [here(...(await everything()))] : []), ...(await guests)];
}

/** What each process would otherwise do for itself, guests slowly: the root filesystem and the compile cache. */
async function prepare(): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  await $`./boxstep 4 plan ${await defaultRootfs()} true`;
}

/** The guests need one processor between them, one after the other. */
async function inGuests(): Promise<System[]> {
  const uml = await testInGuest('uml', files);
  return files.length > 0 ? [uml] : [uml, await testInGuest('qemu')];
}

async function everything(): Promise<Results[]> {
  const short = await vitest(SHORT, 'here');
  return [short, await vitest(['--project', 'browser', '--project', 'long'], 'here')];
}

/** Runs vitest, which shows what it does; with a mark before each line where guests do so, too. */
async function vitest(words: readonly string[], mark?: string): Promise<Results> {
  const file = join(folder, `${words.join('-').replaceAll('/', '-')}.json`);
  const env = {
    ...process.env,
    ...(chalk.level > 0 && { FORCE_COLOR: '1' }),
    ...(which === 'all' && { BOXSTEP_FULL: '1' }),
    BOXSTEP_RESULTS: file,
  };
  const command = ['vitest', 'run', '--passWithNoTests', ...words];
  const stdout = mark === undefined ? 'inherit' : 'pipe';
  const running = $({ env, stdio: ['ignore', stdout, stdout] })`${command}`;
  if (mark !== undefined) for (const stream of [running.stdout, running.stderr]) stream.pipe(marked(mark));
  const { exitCode } = await running;
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

function here(...results: readonly Results[]): System {
  const errors = results.reduce((sum, one) => sum + one.errors, 0);
  return { title: 'this machine', results: { ...thisSystem(), tests: results.flatMap(({ tests }) => tests), errors } };
}

function report(): void {
  const { passed, failed, skipped, unexpected } = verdict(systems, without);
  const isFailure = which === 'all' && Boolean(process.env.CI) && unexpected.length > 0;
  const tables = which === 'all' || which === 'guests' ? [bites(systems), skips(systems)] : [leftOut()];
  for (const table of [...tables, troubles(systems), faults(systems)]) {
    if (table.length > 0) console.log(`\n${table.join('\n')}`);
  }
  if (isFailure) {
    console.log(
      chalk.red('\nWith CI=true a test that runs nowhere is a failure. Install what it needs, or name that:'),
    );
    console.log(chalk.red('BOXSTEP_WITHOUT=v1 says that this environment is known to have no cgroup v1. The tests:'));
    for (const test of unexpected) console.log(`  ${test}`);
  }
  const failures = failed + (isFailure ? unexpected.length : 0);
  const rest = skipped - (isFailure ? unexpected.length : 0);
  process.exitCode = failures === 0 ? 0 : 1;
  console.log(`\n${passed} passed, ${failures} failed${rest > 0 ? `, ${rest} skipped` : ''}`);
}

/** What was skipped and why, and the one command that brings all of it. */
function leftOut(): string[] {
  const { lines, missing } = reasons(systems);
  if (which === 'files') return lines;
  return ['Skipped:', ...lines, `  what is tested ${LONG}`, `All of it: ${broughtBy(missing, 'npm run test:all')}`];
}
