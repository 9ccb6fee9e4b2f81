import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';

const INDEX = fileURLToPath(new URL('../src/index.ts', import.meta.url));

test('a command that waits for what never comes has failed', async () => {
  const waiting = `{ name: 'wait', description: '', positionals: [], needsRoot: false, run: () => new Promise(() => {}) }`;
  const program = `import { main, step } from '${INDEX}'; main({ ...step, commands: [${waiting}] }, ['wait']);`;
  const { exitCode } = await execa(process.execPath, ['--input-type=module', '-e', program], { reject: false });
  expect(exitCode).toBe(125);
});

describe('a command of two words', () => {
  const pets = `[
    { name: 'pet ls', description: 'list pets', positionals: [], needsRoot: false,
      options: (command) => command.option('-q, --quiet', 'names'), run: ({ quiet }) => { put(quiet ? 'q' : 'all'); return 0; } },
    { name: 'pet rm', description: 'remove one', positionals: [['<pet>', 'its name']], needsRoot: false, failure: 1,
      run: (_, [pet]) => { throw new Error('no such pet: ' + pet); } },
    { name: 'petting', description: '', positionals: [], needsRoot: false, run: () => { put('soft'); return 3; } },
  ]`;
  const typed = async (...words: string[]) => {
    const program = `import { main, put, step } from '${INDEX}'; main({ ...step, commands: ${pets} }, ${JSON.stringify(words)});`;
    const { stdout, stderr, exitCode } = await execa(process.execPath, ['--input-type=module', '-e', program], {
      reject: false,
    });
    return { stdout, stderr, exitCode };
  };

  test('is found among its group, with its own flags, wherever they stand', async () => {
    expect(await typed('pet', 'ls', '-q')).toMatchObject({ stdout: 'q', exitCode: 0 });
    expect(await typed('petting')).toMatchObject({ stdout: 'soft', exitCode: 3 });
    expect(await typed('--root', '/tmp', 'pet', 'ls')).toMatchObject({ stdout: 'all', exitCode: 0 });
  });

  test('fails with the status that it says', async () => {
    expect(await typed('pet', 'rm', 'rex')).toMatchObject({ stderr: 'boxstep: no such pet: rex', exitCode: 1 });
    const { stderr, exitCode } = await typed('pet', 'rm');
    expect(exitCode).toBe(125);
    expect(stderr).toMatch(/missing required argument 'pet'\n.* pet rm --help$/);
  });

  test("is listed by its group's name alone on standard error, as docker does, and by --help", async () => {
    const list = /ls .*list pets\n.*rm .*remove one/;
    expect(await typed('pet')).toMatchObject({ stderr: expect.stringMatching(list), exitCode: 0 });
    expect(await typed('pet', '--help')).toMatchObject({ stdout: expect.stringMatching(list), exitCode: 0 });
    expect((await typed('pet', 'feed', '--fast')).stderr).toMatch(/unknown command 'pet feed'/);
    const { stderr } = await typed('pet', 'feed');
    expect(stderr).toMatch(/unknown command 'pet feed'\n.* pet --help$/);
  });
});
