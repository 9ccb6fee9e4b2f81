import { fstatSync, readdirSync, statSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { containerPath, defaultRootfsPath, heldNow } from 'step-10';
import { beforeEach, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { keepWritten } from '../../test/written.ts';
import { idsOfContainers } from '../src/containers/find.ts';
import * as boxstep from '../src/index.ts';

const { create, events, exec, inspect, logs, output, remove, start, wait } = boxstep;

beforeEach(needs('root', 'overlay'));

const example = fileURLToPath(new URL('../example.ts', import.meta.url));

test('a program makes a container, starts it, reads its log, waits for its end and removes it', async () => {
  const script = 'echo out; echo err >&2; sleep 0.2; echo last; exit 6';
  const { stdout, stderr } = await execa(process.execPath, [example, defaultRootfsPath(), 'sh', '-c', script]);
  expect([stdout, stderr]).toEqual([
    expect.stringMatching(/^\w+_\w+ is running\nout\nlast\nit ended with 6$/),
    expect.stringContaining('err'),
  ]);
  expect(idsOfContainers()).toEqual([]);
});

/** How many descriptors this process has; some of them may be about to be closed. */
const open = () => readdirSync('/proc/self/fd').length;

const wish = { image: defaultRootfsPath(), command: ['sleep', '1000'], flags: ['--network', 'none'] };

test('a program has nothing open of a container that has ended', async () => {
  const runs = async () => {
    const { id } = create({ ...wish, command: ['true'], flags: [...wish.flags, '--userns', 'auto'] });
    await start(id);
    await wait(id);
    await remove(id);
    return open();
  };
  const before = await runs(); // the first one has more to open
  await runs();
  await expect.poll(open).toBeLessThanOrEqual(before);
});

test('a program runs commands in a container, looks at it, and hears what happens to it', async () => {
  const since = Date.now();
  const { id } = create(wish);
  await start(id);
  expect(await exec(id, ['sh', '-c', 'test "$WORD" = here && exit 7'], { env: ['WORD=here'] })).toBe(7);
  expect(statSync(containerPath(id)).mode & 0o777).toBe(0o700); // nobody else can run what it makes set-user-ID
  expect(inspect(id)).toMatchObject({ Id: id, State: { Status: 'running' }, HostConfig: { NetworkMode: 'none' } });
  await exec(id, ['sh', '-c', 'echo one >/proc/1/fd/1']);
  const follow = async () => {
    for await (const { bytes } of logs(id, { follow: true })) {
      expect(String(bytes)).toBe('one\n');
      break;
    }
  };
  await follow(); // the first time it has more to open
  const before = open();
  await follow();
  await expect.poll(open).toBeLessThanOrEqual(before); // else a program would not end before its container
  const heard: string[] = [];
  const hearing = (async () => {
    for await (const event of events({ since })) {
      if (event.id === id) heard.push(event.Action);
      if (event.Action === 'destroy') break;
    }
  })();
  const end = wait(id);
  await remove(id, { force: true });
  expect(await end).toBe(137);
  await hearing;
  expect(heard).toEqual(expect.arrayContaining(['create', 'start', 'die', 'destroy']));
  const told = [];
  for await (const event of events({ since, until: Date.now() })) if (event.id === id) told.push(event.Action);
  expect(told).toEqual(heard);
});

test('containers that a program starts at once have addresses and ports for themselves, and so has one that can’t be started', async (context) => {
  needs('nft', 'ip')(context);
  const made = (port: number, ...command: string[]) =>
    create({ image: defaultRootfsPath(), command, flags: ['-p', `${port}:80`] }).id;
  const [failing = '', one = '', other = ''] = [
    made(18_080, 'no-such'),
    made(18_081, 'sleep', '1000'),
    made(18_082, 'sleep', '1000'),
  ];
  const startAll = () => Promise.allSettled([failing, one, other].map((id) => start(id)));
  const { result: started, stderr } = await keepWritten(startAll);
  expect(stderr).toMatch(/^(boxstep: switching on \S+, so that this host passes packets on; it stays on\n)?$/);
  expect(started.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  const address = (id: string) => {
    const { run } = boxstep.find(id);
    return run.status === 'begun' ? run.endpoints[0]?.addresses[0]?.address : undefined;
  };
  const was = address(one);
  await remove(one, { force: true });
  const next = create({
    image: defaultRootfsPath(),
    command: ['sleep', '1000'],
    flags: ['-p', '18080-18081:80-81'],
  }).id;
  await start(next);
  expect([was, address(next)]).toEqual(['172.17.0.2', '172.17.0.2']); // the shim of the other would have kept both
  for (const id of [failing, other, next]) await remove(id, { force: true });
});

test('every function of the API finds a container by its name, and takes signals and flags as they are typed', async () => {
  const script = 'trap "sleep 0.2; exit 3" INT; echo begun; while :; do sleep 1000 & wait; done';
  const { id } = create({ ...wish, command: ['sh', '-c', script], name: 'one', flags: [...wish.flags, '-m', '64m'] });
  expect((await start('one')).isNew).toBe(true);
  for await (const { bytes } of logs('one', { follow: true })) if (`${bytes}` === 'begun\n') break;
  await boxstep.pause('one');
  expect(boxstep.stateOf(boxstep.find('one')).status).toBe('paused');
  await boxstep.unpause('one');
  await boxstep.rename('one', 'other');
  await expect(boxstep.rename('other', 'other')).rejects.toThrow('same name as its current name');
  expect(inspect('other')).toMatchObject({ Id: id, State: { Status: 'running' }, HostConfig: { Memory: 2 ** 26 } });
  await boxstep.stop('other', { signal: 'INT', timeout: 2 ** 31 }); // longer than a timer can wait
  expect(await wait('other')).toBe(3);
  await start('other');
  await boxstep.kill('other');
  expect(await wait('other')).toBe(137);
  await remove('other');
  expect(idsOfContainers()).toEqual([]);
});

test('a program hears what is wrong with a name, a flag or an image before anything is made', async () => {
  const made = (more: object) => () => create({ ...wish, ...more });
  expect(made({ name: 'a b' })).toThrow('Invalid container name (a b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed');
  expect(made({ flags: ['--memory', '64q'] })).toThrow('64q');
  expect(made({ flags: ['--nosuch'] })).toThrow("unknown option '--nosuch'");
  expect(made({ image: 'nosuch' })).toThrow('nosuch');
  await expect(start('nosuch')).rejects.toThrow(boxstep.NoSuchContainer);
  await expect(wait('nosuch')).rejects.toThrow(boxstep.NoSuchContainer);
  expect(idsOfContainers()).toEqual([]);
});

test('a program has what a command in a container writes, as text or by a stream, and gives it what it reads', async () => {
  const { id } = create(wish);
  await start(id);
  const sh = (script: string) => ['sh', '-c', script];
  const script = 'cat; id -u; echo "$WORD" >&2; sleep 1000 & exit 3'; // the sleep has its streams open, too
  const more = { stdin: 'typed\n', env: ['WORD=err'], user: '33' };
  expect(await output(id, sh(script), more)).toEqual({ exitCode: 3, stdout: 'typed\n33\n', stderr: 'err\n' });
  const before = open();
  expect(await output(id, ['no-such'])).toEqual({
    exitCode: 127,
    stdout: expect.stringContaining('OCI runtime exec failed'),
    stderr: expect.stringContaining('no-such'),
  });
  const sum = new PassThrough();
  const zeros = exec(id, sh('head -c 3000000 /dev/zero'), { stdout: sum });
  zeros.then(() => sum.end());
  expect((await output(id, ['wc', '-c'], { stdin: sum })).stdout).toBe('3000000\n');
  const both = [new PassThrough(), new PassThrough()];
  const cats = both.map((stdin) => output(id, ['cat'], { stdin }));
  both[0]?.end('first'); // the second must not have a copy of the end that this closes
  expect((await cats[0])?.stdout).toBe('first');
  both[1]?.end('second');
  expect((await cats[1])?.stdout).toBe('second');
  const full = new Writable({ write: (_bytes, _encoding, done) => done(new Error('full')) });
  await expect(exec(id, ['yes'], { stdout: full })).rejects.toThrow('full');
  await expect(exec(id, ['true'], { stdout: full })).rejects.toThrow(
    'stdout: expected a stream that can be written to',
  );
  await expect(output(id, ['true'], { user: 'nobody-such' })).rejects.toThrow('nobody-such');
  await expect.poll(open).toBeLessThanOrEqual(before);
  await remove(id, { force: true });
  await expect(output(id, ['true'])).rejects.toThrow(boxstep.NoSuchContainer);
});

test('a program can start another command at any moment of one whose input ends: what a child is to close is open', async () => {
  const { id } = create(wish);
  await start(id);
  const stdin = new PassThrough();
  let isOver = false;
  const said = output(id, ['cat'], { stdin }).finally(() => {
    isOver = true;
  });
  stdin.end('typed');
  for (; !isOver; await setImmediate()) for (const fd of heldNow()) expect(() => fstatSync(fd)).not.toThrow();
  expect(await said).toMatchObject({ exitCode: 0, stdout: 'typed' });
  await remove(id, { force: true });
});
