import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { Command } from 'commander';
import { asText } from 'shared-native';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Flags, options, plan, read } from '../src/index.ts';

let rootfs: string;
beforeAll(() => {
  rootfs = mkdtempSync(`${tmpdir()}/boxstep-sharing-`);
});
afterAll(() => rmSync(rootfs, { recursive: true }));

function typed(...words: string[]): Flags {
  const command = options(new Command().exitOverride().configureOutput({ writeErr: () => {} }));
  command.parse(['--network', 'none', ...words], { from: 'user' });
  return command.opts();
}

const planned = (...words: string[]) => plan(read(typed(...words), [rootfs, 'sh']));
const mounts = (made: ReturnType<typeof planned>) =>
  made.program.inside.filter(({ name }) => name === 'mount').map(asText);

describe('the modes', () => {
  test('are docker’s, and private unless something is said', () => {
    expect(read(typed(), [rootfs])).toMatchObject({ ipc: 'private', pid: '', uts: '', shmSize: 67_108_864 });
    expect(typed('--ipc', 'container:web', '--pid', 'host', '--uts', 'host')).toMatchObject({
      ...{ ipc: 'container:web', pid: 'host', uts: 'host' },
    });
    expect(typed('--ipc', '').ipc).toBe('private');
  });

  test.each([
    ['--ipc', 'something'],
    ['--ipc', 'container:'],
    ['--ipc', 'shared'],
    ['--pid', 'private'],
    ['--pid', 'container:'],
    ['--uts', 'container:web'],
    ['--shm-size', '64q'],
    ['--shm-size', '-1'],
  ])('%s %s is refused', (flag, value) => {
    expect(() => typed(flag, value)).toThrow();
  });

  test('a hostname can’t be given where it is the host’s', () => {
    expect(() => read(typed('--uts', 'host', '--hostname', 'box'), [rootfs])).toThrow('conflicting options: hostname');
    expect(read(typed('--uts', 'host'), [rootfs]).hostname).toBe(hostname());
  });

  test('a size of 0 is the default, as docker has it', () => {
    expect(read(typed('--shm-size', '0'), [rootfs]).shmSize).toBe(64 * 1024 * 1024);
    expect(read(typed('--shm-size', '1.5g'), [rootfs]).shmSize).toBe(1.5 * 1024 ** 3);
  });
});

describe('the plan', () => {
  test('has an IPC namespace and mounts for it, of the size that is asked for', () => {
    const made = planned('--shm-size', '1m');
    expect(made.namespaces).toContain('ipc');
    expect(mounts(made).filter((call) => /shm|mqueue/.test(call))).toEqual([
      'mount("shm", "/dev/shm", "tmpfs", MS_NOSUID|MS_NODEV|MS_NOEXEC, "mode=1777,size=1048576")',
      'mount("mqueue", "/dev/mqueue", "mqueue", MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL)',
    ]);
  });

  test('leaves out what is the host’s', () => {
    const made = planned('--ipc', 'host', '--pid', 'host', '--uts', 'host');
    for (const namespace of ['ipc', 'pid', 'uts']) expect(made.namespaces).not.toContain(namespace);
    expect(made.program.setup.map(({ name }) => name)).not.toContain('sethostname');
    expect(made.program.join).toEqual([]);
  });

  test('of a container that isn’t there says so', () => {
    expect(() => planned('--pid', 'container:boxstep-nobody')).toThrow('No such container: boxstep-nobody');
  });
});
