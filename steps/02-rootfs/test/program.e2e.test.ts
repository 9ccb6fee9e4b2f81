import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';

beforeEach(needs('root'));

describe('a program that is there and yet can’t be run', () => {
  const files = mkdtempSync(join(tmpdir(), 'boxstep-no-program-'));
  afterAll(() => rmSync(files, { recursive: true }));

  const put = (name: string, content: string | Buffer, mode = 0o755) => {
    mkdirSync(join(files, 'bin'), { recursive: true });
    writeFileSync(join(files, 'bin', name), content);
    chmodSync(join(files, 'bin', name), mode);
  };
  const run = (name: string) => boxstep('2', 'run', files, name);

  test.each([
    [
      'script',
      '#!/usr/bin/python4 -x\n',
      0o755,
      /\/bin\/script is there, but what it names to run it, "\/usr\/bin\/python4", is not/,
    ],
    ['windows', '#!/bin/sh\r\n', 0o755, /"\/bin\/sh\\r", is not: the line ends as Windows ends it/],
    ['plain', 'text', 0o644, /executable file not found in \$PATH: \/bin\/plain is there, but is not executable/],
  ])('%s: what is said of it is so', async (name, content, mode, message) => {
    put(name, content, mode);
    const { exitCode, stderr } = await run(name);
    expect(exitCode).toBe(127);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('there is no such program');
  });

  test('a program whose loader is missing', async () => {
    const loader = '/lib64/ld-linux-x86-64.so.2';
    const program = readFileSync(process.execPath);
    put('loaded', program.subarray(0, 8192));
    const { stderr } = await run('loaded');
    if (process.arch === 'x64') expect(stderr).toContain(`what it names to run it, "${loader}", is not`);
    expect(stderr).toContain('/bin/loaded is there');
  });
});
