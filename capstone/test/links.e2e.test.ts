import { defaultRootfsPath } from 'step-10';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { idsOfContainers } from '../src/containers/find.ts';
import { gone } from '../src/gone.ts';
import { processesOf } from './typed.ts';

beforeEach(needs('root', 'overlay', 'nft', 'ip', 'busybox'));

afterAll(async () => {
  for (const id of idsOfContainers()) await boxstep('rm', '-f', id);
  await boxstep('network', 'rm', 'ours');
});

const rootfs = defaultRootfsPath();
const run = (name: string, ...flags: string[]) =>
  boxstep('run', '-d', '--name', name, ...flags, rootfs, 'sleep', '600');
const inside = async (name: string, script: string) => (await boxstep('exec', name, 'sh', '-c', script)).stdout;
const addressOf = async (name: string) =>
  (await boxstep('inspect', '-f', '{{.NetworkSettings.IPAddress}}', name)).stdout;

describe('--link', () => {
  test('finds a container of the default network by an alias, also after it was started again elsewhere', async () => {
    await run('web', '--expose', '80', '-e', 'COLOUR=green');
    await run('client', '--link', 'web:db');
    expect(await inside('client', 'ping -c1 -W9 db >/dev/null && echo $DB_PORT $DB_NAME $DB_ENV_COLOUR')).toBe(
      `tcp://${await addressOf('web')}:80 /client/db green`,
    );
    expect((await boxstep('inspect', '-f', '{{.HostConfig.Links}}', 'client')).stdout).toBe('[/web:/client/db]');

    const before = await addressOf('web');
    const { shim } = processesOf('web');
    await boxstep('stop', '-t', '0', 'web');
    await gone(shim); // it has cleaned up: the address is free
    expect(await boxstep('run', '--rm', '--name', 'late', '--link', 'web:db', rootfs, 'true')).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining('Cannot link to a non running container: /web AS /late/db'),
    });
    await run('taker'); // of the address
    expect(await addressOf('taker')).toBe(before);
    await boxstep('start', 'web');
    const [line = ''] = (await inside('client', 'grep -w db /etc/hosts')).split('\t');
    expect([line, await addressOf('taker')]).toEqual([await addressOf('web'), expect.not.stringContaining(line)]);
  });

  test('is removed by rm --link, which removes no container', async () => {
    await run('target');
    await run('source', '--link', 'target:a', '--link', 'target:b');
    expect(await boxstep('rm', '-f', '--link', 'source/a')).toMatchObject({ exitCode: 0, stdout: 'source/a' });
    expect((await boxstep('inspect', '-f', '{{.HostConfig.Links}}', 'source')).stdout).toBe('[/target:/source/b]');
    const refused = await boxstep('rm', '-f', '-l', 'target');
    expect([refused.exitCode, refused.all]).toEqual([
      1,
      'boxstep: Conflict, cannot remove the default link name of the container',
    ]);
    expect((await boxstep('rm', '-l', 'source/a')).all).toBe('boxstep: No such container: source/a');
    expect(await inside('target', 'echo there')).toBe('there');
  });

  test('to a container that isn’t there makes none', async () => {
    const before = idsOfContainers();
    const { stderr, exitCode } = await boxstep('run', '--link', 'nosuch', rootfs, 'true');
    expect([exitCode, stderr]).toEqual([
      125,
      expect.stringContaining('could not get container for nosuch: No such container: nosuch'),
    ]);
    expect(idsOfContainers()).toEqual(before);
  });

  test('is a name for this container alone in a network of the user’s; link-local addresses lead to neighbours', async () => {
    await boxstep('network', 'create', 'ours');
    await run('server', '--network', 'ours', '--link-local-ip', '169.254.7.8');
    await run('user', '--network', 'ours', '--link', 'server:api', '--link-local-ip', '169.254.7.9');
    expect(await inside('user', 'for it in api 169.254.7.8; do ping -c1 -W9 $it >/dev/null && echo $it; done')).toBe(
      'api\n169.254.7.8',
    );
    expect(await inside('server', 'grep -cw api /etc/hosts')).toBe('0');
    await boxstep('stop', '-t', '0', 'server');
    await expect.poll(() => inside('user', 'grep -cw api /etc/hosts')).toBe('0'); // its clean-up says goodbye
    const of = '{{with .NetworkSettings.Networks.ours}}{{.Links}} {{.IPAMConfig.LinkLocalIPs}}{{end}}';
    expect((await boxstep('inspect', '-f', of, 'user')).stdout).toBe('[server:api] [169.254.7.9]');
  });
});
