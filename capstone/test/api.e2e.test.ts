import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { containerPath, defaultRootfsPath } from 'step-10';
import { beforeEach, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { idsOfContainers } from '../src/containers/find.ts';
import * as boxstep from '../src/index.ts';

const { create, events, exec, inspect, logs, remove, start, wait } = boxstep;

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

const wish = { image: defaultRootfsPath(), command: ['sleep', '1000'], flags: ['--network', 'none'] };

test('a program runs commands in a container, looks at it, and hears what happens to it', async () => {
  const since = Date.now();
  const { id } = create(wish);
  await start(id);
  expect(await exec(id, ['sh', '-c', 'test "$WORD" = here && exit 7'], { env: ['WORD=here'] })).toBe(7);
  expect(statSync(containerPath(id)).mode & 0o777).toBe(0o700); // nobody else can run what it makes set-user-ID
  expect(inspect(id)).toMatchObject({ Id: id, State: { Status: 'running' }, HostConfig: { NetworkMode: 'none' } });
  await exec(id, ['sh', '-c', 'echo one >/proc/1/fd/1']);
  const open: number[] = [];
  for (let times = 0; times < 2; times++) {
    for await (const { bytes } of logs(id, { follow: true })) {
      expect(String(bytes)).toBe('one\n');
      break;
    }
    open.push(readdirSync('/proc/self/fd').length);
  }
  expect(open[1]).toBe(open[0]); // else a program would not end before its container
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
