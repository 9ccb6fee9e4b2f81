import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const INDEX = fileURLToPath(new URL('../src/index.ts', import.meta.url));

test('a command that waits for what never comes has failed', async () => {
  const waiting = `{ name: 'wait', description: '', positionals: [], needsRoot: false, run: () => new Promise(() => {}) }`;
  const program = `import { main, step } from '${INDEX}'; main({ ...step, commands: [${waiting}] }, ['wait']);`;
  const { exitCode } = await execa(process.execPath, ['--input-type=module', '-e', program], { reject: false });
  expect(exitCode).toBe(125);
});
