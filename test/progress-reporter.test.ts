import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { REPOSITORY } from './boxstep.ts';

mkdirSync(join(REPOSITORY, 'node_modules/.cache'), { recursive: true });
const folder = mkdtempSync(join(REPOSITORY, 'node_modules/.cache/boxstep-progress-')); // where `vitest` can be imported
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs vitest on these tests, each in a file, one after the other; gives the lines that it writes. */
async function lines(tests: Record<string, string>): Promise<string[]> {
  for (const [name, body] of Object.entries(tests)) {
    writeFileSync(
      join(folder, `${name}.test.ts`),
      `import { afterAll, describe, expect, test } from 'vitest';\n${body}`,
    );
  }
  const words = [
    'run',
    '--root',
    folder,
    '--no-file-parallelism',
    '--exclude',
    '',
    '--reporter',
    join(REPOSITORY, 'test/progress-reporter.ts'),
  ];
  const env = { NO_COLOR: '1', FORCE_COLOR: undefined, CI: undefined };
  const options = { cwd: REPOSITORY, preferLocal: true, reject: false, all: true, env } as const;
  const { all } = await execa(options)`vitest ${words}`;
  return all.split('\n').filter((line) => line.trim() !== '');
}

test('a file is one line, and what failed in it follows at once, in full', async () => {
  const told = await lines({
    one: `test('is wrong', () => expect({ size: 1 }).toEqual({ size: 2 }));
      describe('a group', () => { afterAll(() => { throw new Error('could not clean up'); }); test('is right', () => {}); });`,
    two: `test('waits for the first', () => new Promise((done) => setTimeout(done, 200)));
      test('lacks something', (context) => context.skip('no kernel'));`,
  });
  const at = (pattern: RegExp) => told.findIndex((line) => pattern.test(line));
  const files = [
    at(/^✗ one\.test\.ts {2}1 passed, 1 failed {2}\d+\.\d s$/),
    at(/^✓ two\.test\.ts {2}1 passed, 1 skipped {2}\d+\.\d s$/),
  ];
  const stories = [
    /✗ a group$/,
    /could not clean up/,
    /✗ is wrong$/,
    /-\s+"size": 2/,
    /\+\s+"size": 1/,
    /❯ one\.test\.ts:2:/,
  ];
  const [first = -1, second = -1] = files.toSorted((one, other) => one - other);
  expect(first, told.join('\n')).toBeGreaterThanOrEqual(0);
  for (const story of stories.map(at)) {
    expect(story).toBeGreaterThan(files[0] ?? 0);
    if (files[0] === first) expect(story).toBeLessThan(second);
  }
});

test('a test that passed only the second time is told with its first error', async () => {
  const told = await lines({
    one: `let times = 0; test('is moody', { retry: 1 }, () => expect(++times).toBe(2));`,
  });
  expect(told.join('\n')).toMatch(
    /✓ one\.test\.ts {2}1 passed .*\n {2}✗ is moody \(passed the second time\)\n +AssertionError: expected 1 to be 2/,
  );
});

test('what the commands of a test that failed have said is told below its error', async () => {
  const told = await lines({
    one: `import '${REPOSITORY}/test/roots/said.ts';
      import { KEPT } from '${REPOSITORY}/test/said.ts';
      import { execa } from 'execa';
      test('is right', () => execa('echo', ['before'], KEPT));
      test('is wrong', async () => { await execa('echo', ['now'], KEPT); expect(1).toBe(2); });`,
  });
  expect(told.join('\n')).toMatch(
    /expected 1 to be 2[\s\S]*\n {4}Its commands said:\n {4}\$ echo now\n {4}now\n {4}\(it ended with 0\)$/,
  );
});
