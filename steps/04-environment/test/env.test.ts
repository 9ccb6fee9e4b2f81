import { task } from 'grader';
import { describe, expect, test } from 'vitest';
import { environment, PATH, searchPath, variable } from '../src/index.ts';

const user = { uid: 0, home: '/root' };
const made = (env: string[], more = {}) =>
  environment({ env, name: 'box', hostname: 'web', tty: false, user, ...more });
const sorted = (env: string[], more = {}) => made(env, more).toSorted();
const of = (names: RegExp, env: string[], more = {}) => made(env, more).filter((entry) => names.test(entry));

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

  test.each(['toString', 'hasOwnProperty', 'constructor', '__proto__'])(
    '%s is no variable that the caller has',
    (name) => {
      expect(variable(name, {})).toBe(name);
      expect(variable(name)).toBe(name);
    },
  );
});

task(
  2,
  {
    points: 15,
    hints: [
      'A Map keeps the order, and has each name once. Begin with PATH and HOSTNAME; with a terminal, TERM and PS1: what they are stands above Environment’s tty.',
      'Of env, "NAME=value" sets, and "NAME" alone deletes. Only the first "=" counts.',
      'HOME comes last: if it is not there, or empty, it is the home of the user.',
    ],
  },
  () => {
    describe('the environment', () => {
      test('is PATH, HOSTNAME and HOME, and nothing of the caller’s', () => {
        const why = 'these three; "user" is who runs in the container, and process.env belongs to the caller';
        expect(sorted([]), why).toEqual(['HOME=/root', 'HOSTNAME=web', `PATH=${PATH}`]);
      });

      test('has the home of the user that the container runs as', () => {
        const ann = { uid: 1000, home: '/home/ann' };
        expect(of(/^HOME=/, [], { user: ann }), 'user.home').toEqual(['HOME=/home/ann']);
      });

      test('has, with a terminal, its type and a prompt that names the container and tells root from others', () => {
        const prompt = (uid: number) => of(/^(TERM|PS1)=/, [], { tty: true, user: { uid, home: '/' } }).toSorted();
        expect(prompt(0), 'the prompt of user 0 ends in #').toEqual(['PS1=box:$PWD# ', 'TERM=xterm']);
        expect(prompt(1000), 'the prompt of any other ends in $').toEqual(['PS1=box:$PWD$ ', 'TERM=xterm']);
      });

      test('-e replaces a default, and the last of two counts', () => {
        const said = ['A=1', 'HOSTNAME=h', 'A=2', 'HOME=/h', 'TERM=vt100'];
        const defaults = [`PATH=${PATH}`, 'PS1=box:$PWD# '];
        const why = 'each name is there once, with the value that was given last';
        expect(sorted(said, { tty: true }), why).toEqual(['A=2', 'HOME=/h', 'HOSTNAME=h', ...defaults, 'TERM=vt100']);
      });

      test('has values that hold a "="', () => {
        const variables = of(/^(OPTS|EMPTY)=/, ['OPTS=--a=b', 'EMPTY=']);
        expect(variables, 'the first "=" ends the name').toEqual(['OPTS=--a=b', 'EMPTY=']);
      });

      // docker's daemon: ReplaceOrAppendEnvValues
      test('lacks a default that -e names without a value, where the caller has none', () => {
        const why = 'a name alone takes the variable away';
        expect(sorted(['HOSTNAME', 'OTHER']), why).toEqual(['HOME=/root', `PATH=${PATH}`]);
      });

      test('has a HOME also where -e says an empty one, as runc does', () => {
        expect(of(/^HOME=/, ['HOME=']), 'an empty HOME is as good as none').toEqual(['HOME=/root']);
        expect(of(/^HOME=/, ['HOME']), 'no HOME is as good as an empty one').toEqual(['HOME=/root']);
      });
    });
  },
);

test('programs are looked for in the PATH of the container', () => {
  expect(searchPath(['A=1', 'PATH=/x:/y'])).toBe('/x:/y');
  expect(searchPath(['A=1'])).toBe(PATH);
});
