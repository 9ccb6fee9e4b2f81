import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { task } from 'grader';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseEnvFile, readEnvFile } from '../src/index.ts';

const caller = { FROM_ENV: 'from-env', EMPTY: '' };
const parse = (content: string | Buffer) => parseEnvFile(Buffer.from(content as string), 'my.env', caller);

task(
  1,
  {
    points: 20,
    hints: [
      'linesOf(content) gives the lines as bytes. Each is a variable, or nothing: flatMap with [] for nothing. The number of a line is its index + 1.',
      'Of each line: is it longer than MAX_LINE, is it UTF-8 (isUtf8)? Then as text, without the mark \ufeff on the first line and without white space at the beginning (WHITE_SPACE). Empty or with # first, it is nothing.',
      'The name ends at the first "=". Without one the value is the caller\u2019s. Quotes are part of the value; white space in a name is an error, for which there is hint(name).',
    ],
  },
  () => {
    describe('an env file is read as docker reads it', () => {
      // What docker/cli's ReadKVEnvStrings and parseRun answered at commit 28f756087eea (opts/parse_test.go, opts_test.go).
      test.each([
        ['', []],
        ['Z1=z\nEMPTY_VAR=\nFROM_ENV\nNO_SUCH_ENV\n', ['Z1=z', 'EMPTY_VAR=', 'FROM_ENV=from-env']],
        ['Z2=z\nA2=a', ['Z2=z', 'A2=a']],
        ['ENV1=value1', ['ENV1=value1']],
        ['\ufeffFOO=BAR\nHELLO=您好\nBAR=FOO', ['FOO=BAR', 'HELLO=您好', 'BAR=FOO']],
      ])('%j', (content, variables) => {
        const why = 'NAME=value is as it is, NAME alone has the caller’s value, or is left out if there is none';
        expect(parse(content), why).toEqual(variables);
      });

      test.each([
        ['a comment, an empty line and one of spaces are passed over', '# A=1\n\n   \n\t# B=2\nC=3', ['C=3']],
        ['a # that is not at the beginning is part of the value', 'A=1 # one', ['A=1 # one']],
        ['white space before the name is not part of it', ' \t A=1', ['A=1']],
        ['white space after the value is', 'A= 1 \t', ['A= 1 \t']],
        ['quotes, backslashes and $ have no meaning', `A="x" \\n '$B'`, [`A="x" \\n '$B'`]],
        ['the first = ends the name', 'A=b=c', ['A=b=c']],
        ['a name may hold what a shell would not take', '1-a.b!=x', ['1-a.b!=x']],
        [
          'CRLF ends a line as LF does, and only one CR is taken away',
          'A=1\r\nB=2\r\r\nC=3\r',
          ['A=1', 'B=2\r', 'C=3'],
        ],
        ['a variable that the caller has empty is there, empty', 'EMPTY', ['EMPTY=']],
        ['what every object has is no variable of the caller’s', 'toString\nhasOwnProperty\n__proto__', []],
        ['a line may have 65535 bytes', `B=${'x'.repeat(65_533)}`, [`B=${'x'.repeat(65_533)}`]],
        ['of two with one name both are there, and the last will count', 'A=1\nA=2', ['A=1', 'A=2']],
        ['a mark (BOM) anywhere but at the beginning is part of the name', 'A=1\n\ufeffB=2', ['A=1', '\ufeffB=2']],
      ])('%s', (_, content, variables) => {
        expect(parse(content), 'an env file is not a shell script: nearly everything stays as it is').toEqual(
          variables,
        );
      });
    });

    describe('an error names the file and the line', () => {
      test.each<[string, string | Buffer, number]>([
        ['no name', 'A=1\n=x', 2],
        ['a space in the name', 'A=1\n\nB C=x', 3],
        ['a tab in the name', 'A=1\n\nC=1\nB\tC=x', 4],
        ['a space after the name', 'A =1', 1],
        ['export', 'export A=1', 1],
        ['a name alone that is two', 'A B', 1],
        ['Latin-1', Buffer.from('A=1\nB=\xe4', 'latin1'), 2],
        ['UTF-16', Buffer.from('\ufeffFOO=BAR\r\n', 'utf16le'), 1],
        ['UTF-16, the other way round', Buffer.from('\ufeffFOO=BAR\r\n', 'utf16le').swap16(), 1],
        ['a NUL byte', 'A=1\0', 1],
        ['a line that docker would not read', `A=1\nB=${'x'.repeat(65_534)}`, 2],
      ])('%s', (_, content, line) => {
        const why = 'what is wrong is no variable, and never passed over: the error names the file';
        expect(() => parse(content), why).toThrow('my.env');
        const counted = 'and the line: they count from 1, empty ones and comments too';
        expect(() => parse(content), counted).toThrow(new RegExp(`\\b${line}\\b`));
      });
    });
  },
);

test.each<[string, string]>([
  ['A=1\n=x', 'my.env:2: there is no name before "=": "=x"'],
  ['A=1\n\nB C=x', 'my.env:3: the name "B C" contains white space'],
  ['export A=1', 'my.env:1: the name "export A" contains white space: an env file is not a shell script'],
  ['A=1\0', 'my.env:1: the variable "A" contains a NUL byte'],
  [`A=1\nB=${'x'.repeat(65_534)}`, 'my.env:2: the line is longer than 65535 bytes'],
])('what is wrong with %j is told in a sentence', (content, message) => {
  expect(() => parse(content)).toThrow(message);
});

describe('a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'boxstep-env-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is looked for from where the user is', () => {
    writeFileSync(join(folder, 'a.env'), 'A=1\nFROM_ENV\n');
    expect(readEnvFile(join(folder, 'a.env'), caller)).toEqual(['A=1', 'FROM_ENV=from-env']);
  });

  test('that is not there is an error that names it', () => {
    expect(() => readEnvFile('nonexistent', caller)).toThrow(/^open nonexistent: no such file or directory$/);
    expect(() => readEnvFile(folder, caller)).toThrow(/^open .*: illegal operation on a directory$/);
  });
});
