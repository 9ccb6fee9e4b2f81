import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $, chalk } from 'zx';
import type { Counts } from '../test/counts-reporter.ts';

// `npm test`: everything that must be right before a change lands. With arguments, only vitest, which gets them.
const filters = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'boxstep-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
$.stdio = ['ignore', 'inherit', 'inherit'];
$.nothrow = true;
$.preferLocal = true;

if (filters.length === 0) {
  await check('Biome: format and lint', $`biome check --error-on-warnings .`);
  await check('TypeScript: types', $`tsc`);
}
const reasons = [...(await tests('unit')), ...(await tests('browser')), ...(await tests('e2e'))];
rmSync(folder, { recursive: true });

for (const { test, reason } of reasons) console.log(`skipped: ${test}: ${reason}`);
if (process.env.CI && reasons.length > 0) {
  console.log(chalk.red('With CI=true a skipped test is a failure: what it needs must be installed.'));
  total.failed += reasons.length;
  total.skipped -= reasons.length;
}
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);

async function check(title: string, command: PromiseLike<{ exitCode: number | null }>): Promise<void> {
  console.log(chalk.bold(`\n${title}`));
  const { exitCode } = await command;
  if (exitCode === 0) total.passed++;
  else total.failed++;
}

async function tests(project: string): Promise<Counts['skipped']> {
  console.log(chalk.bold(`\nTests: ${project}`));
  const file = join(folder, `${project}.json`);
  const { exitCode } = await $({
    env: { ...process.env, BOXSTEP_COUNTS: file },
  })`vitest run --project ${project} --passWithNoTests ${filters}`;
  const counts = read(file);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped.length;
  if (exitCode !== 0 && counts.failed === 0) total.failed++; // an error outside any test
  return counts.skipped;
}

function read(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: [] }; // vitest ended before it could count
  }
}
