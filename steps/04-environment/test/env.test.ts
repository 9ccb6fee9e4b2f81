import { task } from 'grader';
import { describe, expect, test } from 'vitest';
import { environment, PATH, searchPath, variable } from '../src/index.ts';

const user = { uid: 0, home: '/root' };
const made = (env: string[], more = {}) =>
  environment({ env, name: 'box', hostname: 'web', tty: false, user, ...more });

describe('a value of -e', () => {
  // What docker/cli's ValidateEnv answered at commit 28f756087eea (opts/env_test.go); none of these is set by the caller.
  test.each([
    ...['a', 'something', '_=a', 'env1=value1', '_env1=value1', 'env2=value2=value3', 'env3=abc!qwe', 'env_4=value 4'],
    ...['PATH=', 'PATH=something', 'asd!qwe', '1asd', '123', 'some space', '  some space before', 'some space after  '],
  ])('%j is taken as it is', (text) => expect(variable(text, {})).toBe(text));

  test.each(['', '=', '=a'])('%j is refused: it has no name', (text) => {
    expect(() => variable(text, {})).toThrow(`invalid environment variable "${text}"`);
  });

  test('that is a name alone gets the value that the caller has, also an empty one', () => {
    expect(variable('A', { A: 'x=y' })).toBe('A=x=y');
    expect(variable('A', { A: '' })).toBe('A=');
  });
});

task(
  2,
  {
    points: 15,
    hints: [
      'A Map keeps the order, and has each name once. Begin with PATH and HOSTNAME; with a terminal, TERM and PS1.',
      'Of env, "NAME=value" sets, and "NAME" alone deletes. Only the first "=" counts.',
      'HOME comes last: if it is not there, or empty, it is the home of the user.',
    ],
  },
  () => {
    describe('the environment', () => {
      test('is PATH, HOSTNAME and HOME, and nothing of the caller’s', () => {
        expect(made([])).toEqual([`PATH=${PATH}`, 'HOSTNAME=web', 'HOME=/root']);
      });

      test('has, with a terminal, its type and a prompt that names the container and tells root from others', () => {
        expect(made([], { tty: true })).toEqual(expect.arrayContaining(['TERM=xterm', 'PS1=box:$PWD# ']));
        expect(made([], { tty: true, user: { uid: 1000, home: '/' } })).toContain('PS1=box:$PWD$ ');
      });

      test('has what -e says in place of a default, and of two the last', () => {
        expect(made(['A=1', 'HOSTNAME=h', 'A=2', 'HOME=/h', 'TERM=vt100'], { tty: true })).toEqual([
          `PATH=${PATH}`,
          'HOSTNAME=h',
          'TERM=vt100',
          'PS1=box:$PWD# ',
          'A=2',
          'HOME=/h',
        ]);
      });

      // docker's daemon: ReplaceOrAppendEnvValues
      test('lacks a default that -e names without a value, where the caller has none', () => {
        expect(made(['HOSTNAME', 'OTHER'])).toEqual([`PATH=${PATH}`, 'HOME=/root']);
      });

      test('has a HOME also where -e says an empty one, as runc does', () => {
        expect(made(['HOME='])).toContain('HOME=/root');
      });
    });
  },
);

test('programs are looked for in the PATH of the container', () => {
  expect(searchPath(['A=1', 'PATH=/x:/y'])).toBe('/x:/y');
  expect(searchPath(['A=1'])).toBe(PATH);
});
