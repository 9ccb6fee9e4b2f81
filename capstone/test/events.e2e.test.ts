import { defaultRootfsPath } from 'step-10';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep, shell } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';

beforeEach(needs('root', 'overlay', 'nft', 'ip'));
afterAll(async () => {
  await boxstep('rm', '-f', 'box');
});

let begun = 0;
beforeEach(async () => {
  await boxstep('rm', '-f', 'box'); // what the first try has left, if this is the second
  await boxstep('network', 'rm', '-f', 'net', 'more');
  await boxstep('volume', 'rm', '-f', 'data');
  await boxstep('rmi', '-f', 'small', 'other:1');
  begun = Date.now();
});

const said = async (...words: string[]) => (await boxstep(...words)).stdout;
const heard = (type: string, ...more: string[]) =>
  said('events', '--since', `${begun / 1000}`, '--until', '0s', '-f', `type=${type}`, ...more);
const shown = (name: string) => ['--format', `{{.Action}} {{index .Actor.Attributes "${name}"}}`];

test('events tells of networks, volumes, images and execs as docker does', async () => {
  const network = await said('network', 'create', '--subnet', '10.43.0.0/24', 'net');
  await boxstep('network', 'create', '--subnet', '10.44.0.0/24', 'more');
  await boxstep('volume', 'create', 'data');
  const line = ['--name', 'box', '--network', 'net', '-v', 'data:/data:ro', defaultRootfsPath(), 'sleep', '600'];
  const container = await said('run', '-d', ...line);
  await boxstep('network', 'connect', 'more', 'box');
  await boxstep('network', 'disconnect', 'more', 'box');
  await boxstep('exec', 'box', 'true');
  await boxstep('exec', 'box', 'sh', '-c', 'exit 3');
  await boxstep('exec', 'box', '/no/such');
  await shell('./boxstep exec -t box yes | head -n1'); // which then reads no more
  await boxstep('exec', '-d', 'box', 'sleep', '600');
  await boxstep('rm', '-f', 'box');
  await boxstep('network', 'prune', '-f');
  await boxstep('volume', 'rm', 'data');
  await boxstep('volume', 'prune', '-f');

  expect(await heard('network', ...shown('name'))).toBe(
    [
      ...['create net', 'create more', 'connect net', 'connect more', 'disconnect more', 'disconnect net'],
      ...['destroy more', 'destroy net', 'prune '],
    ].join('\n'),
  );
  const [connected] = (await heard('network', '-f', 'event=connect')).split('\n');
  expect(connected).toMatch(
    new RegExp(`Z network connect ${network} \\(container=${container}, name=net, type=bridge\\)$`),
  );
  expect(await heard('volume', '--format', '{{.Action}} {{.Actor.ID}}')).toBe(
    'create data\nmount data\nunmount data\ndestroy data\nprune ',
  );
  expect(await heard('volume', '-f', 'event=mount')).toMatch(
    new RegExp(`\\(container=${container}, destination=/data, driver=local, propagation=, read/write=false\\)$`),
  );

  const execs = await heard(
    'container',
    '-f',
    'event=exec_create',
    '-f',
    'event=exec_start',
    '-f',
    'event=exec_die',
    ...shown('exitCode'),
  );
  expect(execs.split('\n').map((line) => line.trimEnd())).toEqual([
    ...['exec_create: true', 'exec_start: true', 'exec_die 0'],
    ...['exec_create: sh -c exit 3', 'exec_start: sh -c exit 3', 'exec_die 3'],
    ...['exec_create: /no/such', 'exec_start: /no/such'],
    ...['exec_create: yes', 'exec_start: yes', expect.stringMatching(/^exec_die \d+$/)],
    ...['exec_create: sleep 600', 'exec_start: sleep 600'],
  ]);
  const ids = await heard('container', '-f', 'event=exec_start', '-f', 'event=exec_die', ...shown('execID'));
  expect(new Set(ids.match(/[0-9a-f]{64}$/gm)).size).toBe(5);

  const { stdout: id } = await shell(`tar -C /etc -c hostname | ./boxstep image import -c 'LABEL tier=front' - small`);
  await boxstep('image', 'tag', 'small', 'other:1');
  await boxstep('rmi', 'small', 'other:1');
  expect(await heard('image', '--format', '{{.Action}} {{.Actor.ID}} {{index .Actor.Attributes "name"}}')).toBe(
    [
      ...[`import ${id} ${id}`, `tag ${id} other:1`, `untag ${id} ${id}`, `untag ${id} ${id}`],
      `delete ${id} ${id}`,
    ].join('\n'),
  );
  expect(await heard('image', '-f', 'label=tier=front', '-f', 'event=tag', ...shown('tier'))).toBe('tag front');
});
