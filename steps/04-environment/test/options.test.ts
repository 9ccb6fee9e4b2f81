import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { options, read } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-options-'));
const file = join(folder, 'valid.env');
writeFileSync(file, 'ENV1=value1\n');
afterAll(() => rmSync(folder, { recursive: true }));

/** What a command line after `run` means. */
function parsed(...argv: string[]) {
  const command = options(new Command()).argument('[args...]').passThroughOptions().exitOverride();
  command.configureOutput({ writeErr: () => {} }).parse(argv, { from: 'user' });
  return read(command.opts(), command.args);
}

// Command lines and their meaning as docker/cli read them at commit 28f756087eea (cli/command/container/opts_test.go).
describe('as docker reads them', () => {
  test('-i passes standard input on', () => {
    expect(parsed('-i', folder, 'bash')).toMatchObject({ interactive: true, tty: undefined, command: ['bash'] });
  });

  test('--env-file comes before --env, wherever they stand', () => {
    expect(parsed(`--env-file=${file}`, folder, 'cmd').env).toEqual(['ENV1=value1']);
    expect(parsed('--env=ENV2=value2', `--env-file=${file}`, folder, 'cmd').env).toEqual([
      'ENV1=value1',
      'ENV2=value2',
    ]);
    expect(() => parsed('--env-file=nonexistent', folder, 'cmd')).toThrow(
      'open nonexistent: no such file or directory',
    );
  });

  test('--entrypoint is the program', () => {
    expect(parsed('--entrypoint=anything', folder).command).toEqual(['anything']);
  });
});

test('-it is -i and -t', () => {
  expect(parsed('-it', folder)).toMatchObject({ interactive: true, tty: { rows: expect.any(Number) } });
  expect(parsed('-ti', folder)).toMatchObject({ interactive: true, tty: { columns: expect.any(Number) } });
});

test('flags may be given more than once, short or long, with their value apart or not', () => {
  expect(parsed('-e', 'A=1', '-eB=2', '--env', 'C=3', '--env=D=4', folder).env).toEqual(['A=1', 'B=2', 'C=3', 'D=4']);
  expect(parsed('--group-add', '1', '--group-add=x', folder).groupAdd).toEqual(['1', 'x']);
  expect(parsed('-u', '1', '-uann:wheel', folder).user).toBe('ann:wheel');
});

test('what comes after the command is the command’s', () => {
  expect(parsed(folder, 'env', '-i', '-e', 'A=1')).toMatchObject({ interactive: false, env: [] });
});

test('a value that is wrong is an error that names it', () => {
  expect(() => parsed('-e', '=x', folder)).toThrow('invalid environment variable "=x"');
  expect(() => parsed('-w', 'tmp', folder)).toThrow("the working directory 'tmp' is invalid");
});
