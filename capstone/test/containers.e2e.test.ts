import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { flock, LOCK_EX, perform } from 'shared-native';
import { cgroupPath, containerPath, defaultRootfsPath, findHierarchies, freezeContainer, state } from 'step-10';
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { boxstep, inRoot, says } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { idsOfContainers, list } from '../src/containers/find.ts';
import { isPaused } from '../src/containers/paused.ts';
import { configPath } from '../src/containers/record.ts';
import { gone } from '../src/gone.ts';
import { processOf } from '../src/kill.ts';
import { cleanRun } from './clean-run.ts';
import { processesOf, running, shellIn, stateOfNamed, written } from './typed.ts';

beforeEach(needs('root', 'overlay'));

afterAll(async () => {
  for (const id of idsOfContainers()) await boxstep('rm', '-f', '-v', id);
  await boxstep('prune');
  const left = readdirSync(state().journals).filter((name) => !name.startsWith('.'));
  expect([left, idsOfContainers()]).toEqual([[], []]);
});

describe('run', () => {
  test('passes on what the command writes, by stream, and its exit status', async () => {
    const { stdout, stderr, exitCode } = await shellIn('run', ['--rm'], 'echo out; echo err >&2; exit 7');
    expect([stdout, stderr, exitCode]).toEqual(['out', 'err', 7]);
  });

  test.for([
    ['/no/such', 127],
    ['/etc', 126],
  ] as const)('of %s ends with docker’s %i', async ([command, status]) => {
    const before = idsOfContainers().length;
    const { exitCode } = await boxstep('run', '--rm', '--network', 'none', defaultRootfsPath(), command);
    expect(exitCode).toBe(status);
    expect(idsOfContainers()).toHaveLength(before); // --rm is for what never began, too
  });

  test('of an image that isn’t there, or with a name that is taken, ends with 125 and leaves nothing', async () => {
    const { id } = await running('taken');
    const before = idsOfContainers().length;
    const twice = await shellIn('run', ['--name', 'taken'], 'true');
    expect([twice.exitCode, twice.stderr]).toEqual([
      125,
      expect.stringContaining(`The container name "/taken" is already in use by container "${id}"`),
    ]);
    expect((await boxstep('run', '--pull', 'never', 'no-such-image', 'true')).exitCode).toBe(125);
    expect(idsOfContainers()).toHaveLength(before);
  });

  test('--userns auto gives it ids by mounts that the shim’s process makes: its descriptor was lost', async () => {
    const { stdout, stderr } = await shellIn('run', ['--rm', '--userns', 'auto'], 'cat /proc/self/uid_map');
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^ +0 +[1-9]\d+ +\d+$/), '']);
  });

  test('--userns gives its user the pipes that it writes to, and not the shim’s /dev/null', async () => {
    const { uid } = statSync('/dev/null');
    const { stdout, stderr } = await shellIn(
      'run',
      ['--rm', '--userns', 'auto', '-u', '1000'],
      'echo it > /dev/stdout',
    );
    expect([stdout, stderr, statSync('/dev/null').uid]).toEqual(['it', '', uid]);
  });

  test.each(['auto', 'host'])('an anonymous volume keeps what was written, with --userns %s', async (userns) => {
    const name = `kept-${userns}`;
    await shellIn('run', ['-d', '--name', name, '--userns', userns, '-v', '/data'], 'sleep 600');
    await boxstep('exec', name, 'touch', '/data/file');
    await boxstep('stop', '-t', '0', name);
    await boxstep('start', name);
    const { stdout } = await boxstep('exec', name, 'ls', '/data');
    await boxstep('rm', '-fv', name);
    expect(stdout).toBe('file');
  });

  test('passes signals on', async () => {
    const run = shellIn(
      'run',
      ['--name', 'signalled'],
      'trap "echo told; exit 9" USR1; echo up; while :; do sleep 0.01; done',
    );
    await says(run);
    run.kill('SIGUSR1');
    expect(await run).toMatchObject({ stdout: 'up\ntold', exitCode: 9 });
  });

  test('--rm removes the container at its end, and the name is free at once', async () => {
    for (const nth of ['first', 'second'])
      expect((await shellIn('run', ['--rm', '--name', 'once', '-v', '/data'], `echo ${nth} > /data/it`)).exitCode).toBe(
        0,
      );
    expect((await boxstep('wait', 'once')).stderr).toContain('No such container: once');
    expect(readdirSync(join(state().data, 'volumes')).filter((name) => !name.startsWith('.'))).toEqual([]);
  });

  test('--cidfile has the id, and one that is there already is an error', async () => {
    const path = inRoot('cid');
    const { stdout } = await shellIn('create', ['--cidfile', path, '--name', 'noted'], 'true');
    expect(stdout).toBe(idsOfContainers().find((id) => id === stdout));
    const again = await shellIn('create', ['--cidfile', path], 'true');
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('container ID file found')]);
  });

  test.for(['create', 'run'] as const)('--log-opt with a bad value makes no container: %s', async (command) => {
    const before = idsOfContainers();
    const status = { create: 1, run: 125 }[command]; // as docker's
    const { exitCode, stderr } = await shellIn(command, ['--log-opt', 'max-size=big'], 'true');
    expect([exitCode, stderr]).toEqual([status, expect.stringContaining('invalid value for max-size: "big"')]);
    expect(idsOfContainers()).toEqual(before);
  });
});

describe('a container that has ended', () => {
  test('is started again with what it wrote, and with its own exit status', async () => {
    await shellIn('create', ['--name', 'again'], 'echo line >> /file; exit $(wc -l < /file)');
    expect(stateOfNamed('again').status).toBe('created');
    for (const status of [1, 2]) {
      await boxstep('start', 'again');
      expect((await boxstep('wait', 'again')).stdout).toBe(String(status));
      expect(stateOfNamed('again')).toMatchObject({ status: 'exited', exitCode: status });
    }
    expect(await boxstep('start', '-a', 'again')).toMatchObject({ exitCode: 3 });
  });

  test('is found by its new name alone, and by the beginning of its id', async () => {
    const { stdout: id } = await shellIn('create', ['--name', 'before'], 'true');
    expect((await boxstep('rename', 'before', 'after')).exitCode).toBe(0);
    expect((await boxstep('rm', 'before')).stderr).toContain('No such container: before');
    expect((await boxstep('wait', 'after')).exitCode).toBe(0);
    expect(await boxstep('rm', id.slice(0, 12))).toMatchObject({ stdout: id.slice(0, 12), exitCode: 0 });
    expect(existsSync(containerPath(id))).toBe(false);
  });
});

describe('a word that means nothing', () => {
  test.each([
    [['kill', '-s', 'NOSUCH', 'refusing'], 'cannot kill container: refusing: invalid signal: NOSUCH'],
    [['stop', '-s', 'NOSUCH', 'refusing'], 'cannot stop container: refusing: invalid signal: NOSUCH'],
    [['kill', 'nobody'], 'cannot kill container: nobody: No such container: nobody'],
    [
      ['rename', 'refusing', 'refused'],
      'Error when allocating new name: Conflict. The container name "/refused" is already',
    ],
    [['rename', 'refusing', 'a b'], 'Error when allocating new name: Invalid container name (/a b), only'],
    [['port', 'refusing', '80'], "No public port '80' published for refusing"],
    [['attach', 'refusing'], 'You cannot attach to a stopped container, start it first'],
  ])('is refused by %j in docker’s words, with 1', async (line, why) => {
    for (const name of ['refusing', 'refused'])
      if (!(await boxstep('inspect', name)).stdout.includes('Id')) await shellIn('create', ['--name', name], 'true');
    const { exitCode, stderr } = await boxstep(...line);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`boxstep: ${why}`)]);
  });
});

describe('stop', () => {
  test('sends a signal that the container handles', async () => {
    await running('handled');
    expect(await boxstep('stop', 'handled')).toMatchObject({ stdout: 'handled', exitCode: 0 });
    expect(stateOfNamed('handled')).toMatchObject({ status: 'exited', exitCode: 5 });
  });

  test('kills one that doesn’t, after the time that it was given', async () => {
    await shellIn('run', ['-d', '--name', 'deaf'], 'trap "" TERM; sleep 1000 & wait; sleep 1000');
    expect((await boxstep('stop', '-t', '0', 'deaf')).exitCode).toBe(0);
    expect(stateOfNamed('deaf')).toMatchObject({ status: 'exited', exitCode: 137 });
  });
});

test('a paused container can’t be removed, but by force', async () => {
  await running('still');
  expect((await boxstep('pause', 'still')).exitCode).toBe(0);
  expect(stateOfNamed('still').status).toBe('paused');
  expect((await boxstep('pause', 'still')).stderr).toContain('is already paused');
  expect((await boxstep('rm', 'still')).stderr).toContain('container is paused: unpause the container before removing');
  expect((await boxstep('rm', '-f', 'still')).exitCode).toBe(0);
});

test.each(['one', 'two'])('a program that looks at several roots sees what is paused in each: in %s', async (name) => {
  vi.stubEnv('BOXSTEP_ROOT', inRoot(name));
  onTestFinished(() => void vi.unstubAllEnvs());
  const hierarchies = findHierarchies().filter((one) => one.version === 2 || one.controllers.includes('freezer'));
  for (const one of hierarchies) mkdirSync(cgroupPath(one, 'box'), { recursive: true });
  try {
    await freezeContainer('box', true);
    expect(isPaused('box')).toBe(true);
  } finally {
    for (const one of hierarchies) {
      rmdirSync(cgroupPath(one, 'box'));
      rmdirSync(one.parent);
    }
  }
});

test('rm -f ends the shim, which would wait for its turn to clean up a container that is gone', async () => {
  await running('removed');
  const { shim } = processesOf('removed');
  const turn = openSync(join(state().journals, '.statuses/.turn'), 'r');
  try {
    perform(flock(turn, LOCK_EX)); // as another one that cleans up
    expect((await boxstep('rm', '-f', 'removed')).exitCode).toBe(0);
    await gone(shim);
  } finally {
    closeSync(turn);
  }
});

describe('a restart policy', () => {
  test('on-failure:2 starts it twice more', async () => {
    await shellIn(
      'run',
      ['-d', '--name', 'fails', '--restart', 'on-failure:2'],
      'echo line >> /file; exit $(wc -l < /file)',
    );
    await expect.poll(() => stateOfNamed('fails')).toMatchObject({ status: 'exited', exitCode: 3, restartCount: 2 });
  });

  test('always is over when it is stopped, until the next start', async () => {
    await running('forever', '--restart', 'always');
    process.kill(processOf(list().records.find(({ name }) => name === 'forever') as never)?.pid ?? 0, 'SIGTERM');
    await expect.poll(() => stateOfNamed('forever')).toMatchObject({ status: 'running', restartCount: 1 });
    await expect.poll(() => written('forever')).toContain('ready\nready');
    await boxstep('stop', 'forever');
    await boxstep('prune'); // by then, whoever was to start it would have
    expect(stateOfNamed('forever')).toMatchObject({ status: 'exited', exitCode: 5 });
    const started = (await boxstep('start', '--all-that-should')).stdout.split('\n');
    expect([started.includes('forever'), started.includes('handled')]).toEqual([true, false]);
    expect(stateOfNamed('forever').status).toBe('running');
  });
});

describe('what goes wrong', () => {
  test('SIGKILL of the shim ends the container, and the next command says so', async () => {
    await running('unwatched');
    const its = processesOf('unwatched');
    process.kill(its.shim.pid, 'SIGKILL');
    await gone(its.process);
    expect(stateOfNamed('unwatched')).toMatchObject({
      status: 'exited',
      exitCode: 137,
      error: 'its shim was killed, and the container with it',
    });
    expect((await boxstep('rm', 'unwatched')).exitCode).toBe(0);
  });

  test('a paused container whose shim is killed leaves nothing, either', async () => {
    await running('frozen');
    await boxstep('pause', 'frozen');
    const { shim } = processesOf('frozen');
    process.kill(shim.pid, 'SIGKILL');
    await gone(shim);
    expect((await boxstep('rm', 'frozen')).exitCode).toBe(0);
  });

  test('a cleaned /run makes nobody forget a container that runs', async () => {
    await running('kept');
    cleanRun();
    expect(stateOfNamed('kept').status).toBe('running');
    expect((await boxstep('stop', 'kept')).exitCode).toBe(0);
    expect(stateOfNamed('kept')).toMatchObject({ status: 'exited', exitCode: 5 });
    expect((await boxstep('rm', 'kept')).exitCode).toBe(0);
  });

  test.for(['cut short', 'rubbish'])('a record that is %s is named, and hinders no other container', async (how) => {
    const { stdout: id } = await shellIn('create', ['--name', 'spoiled'], 'true');
    if (how === 'rubbish') writeFileSync(configPath(id), '\0\xff[]');
    else truncateSync(configPath(id), 100);
    expect((await boxstep('start', id)).stderr).toContain(`${configPath(id)} can't be read`);
    expect((await shellIn('run', ['--rm'], 'true')).exitCode).toBe(0);
    expect((await boxstep('rm', '-f', id)).exitCode).toBe(0);
    expect((await shellIn('run', ['--rm', '--name', 'spoiled'], 'true')).exitCode).toBe(0);
  });
});
