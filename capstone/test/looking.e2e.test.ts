import { defaultRootfsPath } from 'step-10';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';

beforeEach(needs('root', 'overlay'));
afterAll(async () => {
  await boxstep('rm', '-f', 'looked-at', 'checked');
});

const rootfs = defaultRootfsPath();
const start = (name: string, ...flags: string[]) =>
  boxstep('run', '-d', '--name', name, '--network', 'none', ...flags, rootfs, 'sleep', '600');

test('a container that runs is shown by every command that looks at it', async () => {
  const id = (await start('looked-at', '-l', 'tier=front', '-m', '64m', '-v', 'looked-at-data:/data:ro')).stdout;
  const says = async (...args: string[]) => (await boxstep(...args)).stdout;

  expect(await says('ps', '-q', '--no-trunc', '-f', 'label=tier=front', '-f', 'volume=/data')).toBe(id);
  expect(await says('ps', '--format', '{{.Names}} {{.State}} {{.Command}} {{.Mounts}}')).toBe(
    'looked-at running "sleep 600" looked-at-data',
  );
  const [told] = JSON.parse(await says('inspect', 'looked-at'));
  expect(told).toMatchObject({
    Id: id,
    Name: '/looked-at',
    LogPath: '',
    State: { Status: 'running', Running: true, ExitCode: 0 },
    HostConfig: { Memory: 64 * 2 ** 20, NetworkMode: 'none', Binds: ['looked-at-data:/data:ro'] },
    Mounts: [{ Type: 'volume', Name: 'looked-at-data', Destination: '/data', RW: false }],
    Config: { Cmd: ['sleep', '600'], Labels: { tier: 'front' }, Hostname: id.slice(0, 12) },
  });
  expect(await says('inspect', '-f', '{{.HostConfig.Binds}} {{.HostConfig.CapAdd}}', id.slice(0, 6))).toBe(
    '[looked-at-data:/data:ro] []',
  );
  expect(await says('top', 'looked-at', '-o', 'pid,args')).toMatch(
    new RegExp(`^PID +COMMAND\\n${told.State.Pid} +sleep 600$`),
  );
  expect(await says('stats', '--no-stream', '--format', '{{.Name}} {{.PIDs}} {{.MemUsage}}', 'looked-at')).toMatch(
    /^looked-at 1 \S+ \/ 64MiB$/,
  );
  expect(
    await says('events', '-f', 'type=container', '--since', '10m', '--until', '0s', '--format', '{{.Action}}'),
  ).toMatch(/^create\nstart$/);
  expect(await says('system', 'df', '--format', '{{.Type}}: {{.TotalCount}} {{.Active}}')).toContain('Containers: 1 1');
  const verbose = await says('system', 'df', '-v');
  expect(verbose).toMatch(
    /^Images space usage:\n\nREPOSITORY .*\n\nContainers space usage:\n\nCONTAINER ID .*\n[0-9a-f]{12} /ms,
  );
  expect(verbose).toMatch(/\n\nLocal Volumes space usage:\n\nVOLUME NAME .*\n\nBuild cache usage: 0B\n/s);

  const missing = await boxstep('inspect', 'nobody');
  expect(missing).toMatchObject({ exitCode: 1, stdout: '[]', stderr: 'boxstep: No such object: nobody' });
});

test('a volume is kept as long as a container has it, whether that runs or not', async () => {
  const id = (await boxstep('create', '--name', 'keeper', '-v', 'kept-data:/data', rootfs, 'true')).stdout;
  await boxstep('volume', 'create', 'kept-data');
  const refused = await boxstep('volume', 'rm', 'kept-data');
  expect(refused).toMatchObject({
    exitCode: 1,
    stderr: `boxstep: remove kept-data: volume is in use - [${id}]`,
  });
  await boxstep('volume', 'prune', '-a', '-f');
  expect((await boxstep('volume', 'ls', '-q', '-f', 'name=kept')).stdout).toBe('kept-data');
  await boxstep('rm', 'keeper');
  expect((await boxstep('volume', 'rm', 'kept-data')).stdout).toBe('kept-data');
});

test('info and volume inspect have the fields that templates of docker’s ask for', async () => {
  const swarm = await boxstep('info', '-f', '{{.Swarm.LocalNodeState}} {{.Plugins.Volume}} {{.ClientInfo.Context}}');
  expect(swarm.stdout).toBe('inactive [local] default');
  const nope = await boxstep('info', '-f', '{{.Nope}}');
  expect([nope.exitCode, nope.stderr]).toEqual([1, expect.stringContaining('in type system.dockerInfo')]);
  await boxstep('volume', 'create', 'asked');
  const unset = await boxstep('volume', 'inspect', '-f', '{{.Status}} {{.UsageData}}', 'asked');
  expect(unset.stdout).toBe('map[] <nil>');
  const both = await boxstep('volume', 'create', '--name', 'asked', 'other');
  expect([both.exitCode, both.stderr]).toEqual([1, expect.stringContaining('conflicting options')]);
  await boxstep('volume', 'rm', 'asked');
});

test('system prune with --volumes takes no until', async () => {
  const refused = await boxstep('system', 'prune', '-f', '--volumes', '--filter', 'until=1h');
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('The "until" filter')]);
});

test('what doesn’t run is pruned, and what runs is not', async () => {
  const id = (await boxstep('create', '--name', 'idle', rootfs, 'true')).stdout;
  const { stdout } = await boxstep('container', 'prune', '-f');
  expect(stdout).toMatch(new RegExp(`^Deleted Containers:\\n${id}\\n\\nTotal reclaimed space: 0B$`));
  expect((await boxstep('ps', '-a', '--format', '{{.Names}}')).stdout).toBe('looked-at');
});

test('system prune says once how much it freed, of containers, networks, volumes and images together', async () => {
  const id = (await boxstep('create', '--name', 'idle', '-v', '/data', rootfs, 'true')).stdout;
  const { stdout } = await boxstep('system', 'prune', '--force', '--volumes');
  expect(stdout).toMatch(new RegExp(`^Deleted Containers:\\n${id}\\n\\n`));
  expect(stdout.match(/^Total reclaimed space: .*$/gm)).toHaveLength(1);
});

describe('a container with a healthcheck', () => {
  test('is healthy when its command says so, and its checks end with it', async () => {
    await start('checked', '--health-cmd', 'echo well', '--health-interval', '50ms');
    await expect
      .poll(async () => (await boxstep('ps', '--format', '{{.Status}}', '-f', 'name=checked')).stdout)
      .toMatch(/\(healthy\)$/);
    const { stdout } = await boxstep(
      'inspect',
      '-f',
      '{{(index .State.Health.Log 0).Output}}{{json .Config.Healthcheck}}',
      'checked',
    );
    expect(stdout).toBe('well\n{"Test":["CMD-SHELL","echo well"],"Interval":50000000}');
    expect((await boxstep('events', '--since', '10m', '--until', '0s', '-f', 'event=health_status')).stdout).toContain(
      'container health_status: healthy ',
    );
  });

  test('refuses flags that contradict each other, and those that aren’t here say why', async () => {
    const refused = async (...flags: string[]) => (await boxstep('create', ...flags, rootfs, 'true')).stderr;
    expect(await refused('--no-healthcheck', '--health-cmd', 'true')).toBe(
      'boxstep: --no-healthcheck conflicts with --health-* options',
    );
    expect(await refused('--gpus', 'all')).toMatch(/^boxstep: could not select device driver "" with capabilities/);
    expect(await refused('--use-api-socket')).toMatch(
      /^boxstep: --use-api-socket is a flag of docker’s that isn’t here: /,
    );
    expect(await refused('--cpu-count', '1')).toMatch(/^boxstep: "--cpu-count" is only supported on .* windows/);
  });
});

test('plan takes a line of docker’s as it was copied, and prints the container that run would make', async () => {
  const line = [
    'run',
    '-it',
    '--rm',
    '--name',
    'shown',
    '--network',
    'none',
    '-m',
    '64m',
    '--restart=no',
    rootfs,
    'sh',
  ];
  const { stdout, exitCode } = await boxstep('plan', 'sudo', 'docker', ...line);
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^shown: namespaces that the process is born into\n/)]);
  expect(stdout).toContain('/sh", ["sh"], ["PATH=');
  expect(stdout).not.toMatch(/^ +step-\d\d +user /m); // as run, which has the host's users
  expect((await boxstep('plan', `docker ${line.join(' \\\n  ')}`)).stdout).toBe(stdout);
  expect(await boxstep('plan', 'docker', 'run', 'no-such-image')).toMatchObject({
    exitCode: 125,
    stderr: 'boxstep: No such image: no-such-image:latest, and its plan depends on it: first, pull no-such-image',
  });
});
