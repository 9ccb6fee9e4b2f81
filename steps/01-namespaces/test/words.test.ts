import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { whereItComes } from '../src/command/docker-flags.ts';
import { signalNamed } from '../src/command/stop-signal.ts';
import { asCommanderTakesThem } from '../src/command/words.ts';
import { goFloat, goInteger, natural } from '../src/index.ts';

/** What a command line comes to: its flags, and the words that are none. */
function read(...words: string[]) {
  const command = new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .passThroughOptions()
    .enablePositionalOptions()
    .argument('[words...]')
    .helpOption(false)
    .option('-i, --interactive', '')
    .option('-t, --tty', '')
    .option('--sig-proxy', '', true)
    .option('--no-stream', '')
    .option('-m, --memory <bytes>', '')
    .option('-h, --hostname <name>', '')
    .option('-e, --env <name=value>', '', (one: string, before: string[] = []) => [...before, one]);
  command.parse(
    asCommanderTakesThem(command, words, false, (flag) => {
      throw new Error(`unknown ${flag}`);
    }),
    { from: 'user' },
  );
  const { sigProxy, stream, ...flags } = command.opts();
  return [{ ...flags, ...(sigProxy ? {} : { sigProxy }), ...(stream ? {} : { stream }) }, command.args];
}

describe('a switch takes a value, as docker’s do', () => {
  test.each([
    [['-it'], { interactive: true, tty: true }],
    [['-it=false'], { interactive: true, tty: false }],
    [['--no-stream'], { stream: false }],
    [['--no-stream=false'], {}],
    [['-ti=0'], { interactive: false, tty: true }],
    [['--tty=true'], { tty: true }],
    [['--tty=F'], { tty: false }],
    [['-t', '--tty=false'], { tty: false }],
    [['--tty=false', '-t'], { tty: true }],
    [['--sig-proxy=false'], { sigProxy: false }],
    [['--sig-proxy'], {}],
  ])('%j', (words, flags) => {
    expect(read(...words)).toEqual([flags, []]);
  });

  test.each(['--tty=', '--tty=yes', '-t=no', '--tty=TrUe'])('%s is neither true nor false', (word) => {
    expect(() => read(word)).toThrow('Expected --tty to be true or false, got ');
  });

  test('which is no word of its own: what comes after a switch is the command', () => {
    expect(read('--tty', 'false')).toEqual([{ tty: true }, ['false']]);
    expect(read('--no-stream', 'web')).toEqual([{ stream: false }, ['web']]); // was read as --no-stream=web
  });
});

describe('behind a letter, = is no part of the value', () => {
  test.each([
    [['-h=box'], { hostname: 'box' }],
    [['-hbox'], { hostname: 'box' }],
    [['-h', 'box'], { hostname: 'box' }],
    [['-h', '=box'], { hostname: '=box' }],
    [['-m=64m'], { memory: '64m' }],
    [['-m64m'], { memory: '64m' }],
    [['-e=A=1'], { env: ['A=1'] }],
    [['-eA=1', '-e', 'B=2', '--env=C=3', '--env', 'D=4'], { env: ['A=1', 'B=2', 'C=3', 'D=4'] }],
    [['-itm=64m'], { interactive: true, tty: true, memory: '64m' }],
    [['-itm', '64m'], { interactive: true, tty: true, memory: '64m' }],
    [['-m', '-1'], { memory: '-1' }],
    [['--memory=-1'], { memory: '-1' }],
    [['--memory='], { memory: '' }],
    [['-m='], { memory: '=' }], // pflag wants something behind the =
    [['--env', '--tty'], { env: ['--tty'] }],
  ])('%j', (words, flags) => {
    expect(read(...words)).toEqual([flags, []]);
  });
});

test('flags end where the command begins', () => {
  expect(read('-t', 'sh', '-m=1', '--tty=no')).toEqual([{ tty: true }, ['sh', '-m=1', '--tty=no']]);
  expect(read('-t', '--', '-x')).toEqual([{ tty: true }, ['-x']]);
  expect(read('-', '-t')).toEqual([{}, ['-', '-t']]);
});

test('a flag without its value is missing one', () => {
  expect(() => read('-m')).toThrow('argument missing');
  expect(() => read('--memory')).toThrow('argument missing');
});

test('an unknown flag is told as it is spelled, also behind switches', () => {
  expect(() => read('--publish=80')).toThrow('unknown --publish');
  expect(() => read('-itp', '80')).toThrow('unknown -p');
});

describe('a flag of docker’s that a step does not have', () => {
  test.each([
    ['-p', "-p is docker's --publish, and comes in step 5"],
    ['--cap-add', '--cap-add is a flag of docker’s, and comes in step 10'],
    ['-d', "-d is docker's --detach, and comes in the capstone"],
    ['--gpus', '--gpus is a flag of docker’s, and no step of this course has it'],
  ])('%s is answered by name', (flag, answer) => {
    expect(whereItComes(flag)).toBe(answer.replace('’', "'"));
  });

  test.each(['--nosuch', '-z', '--toString', '-constructor', '--p'])('%s is none of docker’s', (flag) => {
    expect(whereItComes(flag)).toBeUndefined();
  });
});

describe('a number as Go reads it', () => {
  test.each([
    ['10_000_000', 10_000_000],
    ['1_0.5_0', 10.5],
    ['1e1_0', 1e10],
    ['.5', 0.5],
    ['0x1p10', 1024],
    ['0x_1.8p1', 3],
    ['-2', -2],
  ])('%s is %d', (text, number) => {
    expect(goFloat(text)).toBe(number);
  });

  test.each(['_1', '1_', '1__0', '1_.5', '1._5', '1e_5', '0x1', '', '.', 'Infinity', 'nan', '1 '])(
    '%j is none',
    (text) => {
      expect(goFloat(text)).toBeUndefined();
    },
  );

  test('a natural one has no sign', () => {
    expect(natural('5_00', '--blkio-weight', 1000n)).toBe(500);
    expect(() => natural('+500', '--blkio-weight to be a number', 1000n)).toThrow('without a sign, got "+500"');
    expect(goInteger('+500')).toBe(500n);
  });
});

describe('a signal by name or number', () => {
  test.each([
    ['TERM', 15],
    ['SIGTERM', 15],
    ['sigint', 2],
    ['9', 9],
    ['IOT', 6],
    ['CLD', 17],
    ['POLL', 29],
    ['STKFLT', 16],
    ['RTMIN', 34],
    ['RTMIN+15', 49],
    ['RTMAX-14', 50],
    ['SIGRTMAX', 64],
  ])('%s is %i', (name, number) => {
    expect(signalNamed(name)).toBe(number);
  });

  test.each(['0', 'SIG', '', '65', '-9', 'TERMINATE', 'toString', 'RTMIN+31', 'RTMAX-31'])('%j is none', (name) => {
    expect(() => signalNamed(name)).toThrow(`invalid signal: ${name}`);
  });
});
