import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { defaultRootfsPath } from 'step-10';
import { beforeEach, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { idsOfContainers } from '../src/containers/find.ts';
import { create, events, exec, inspect, remove, start, wait } from '../src/index.ts';

beforeEach(needs('root', 'overlay'));

const example = fileURLToPath(new URL('example.ts', import.meta.url));

test('a program makes a container, starts it, reads its log, waits for its end and removes it', async () => {
  const script = 'echo out; echo err >&2; sleep 0.2; echo last; exit 6';
  const { stdout, stderr } = await execa(process.execPath, [example, defaultRootfsPath(), 'sh', '-c', script]);
  expect([stdout, stderr]).toEqual([
    expect.stringMatching(/^\w+_\w+ is running\nout\nlast\nit ended with 6$/),
    expect.stringContaining('err'),
  ]);
  expect(idsOfContainers()).toEqual([]);
});

test('a program runs commands in a container, looks at it, and hears what happens to it', async () => {
  const since = Date.now();
  const flags = { network: [{ network: 'none', aliases: [] }] };
  const { id } = create({ image: defaultRootfsPath(), command: ['sleep', '1000'], flags });
  await start(id);
  expect(await exec(id, ['sh', '-c', 'test "$WORD" = here && exit 7'], { env: ['WORD=here'] })).toBe(7);
  expect(inspect(id)).toMatchObject({ Id: id, State: { Status: 'running' }, HostConfig: { NetworkMode: 'none' } });
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
