import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRootfsPath } from 'step-01';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { inRoot, leftovers, says, WAITS } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { run, ten } from './command.ts';

const ROOTFS = defaultRootfsPath();
beforeEach(needs('root', 'overlay'));
afterAll(() => {
  if (process.geteuid?.() === 0) expect(leftovers('nothing-has-this-word')).toEqual([]);
});

/** Lines of /proc/self/status in a container, by name. */
async function status(...flags: string[]): Promise<Record<string, string>> {
  const { all } = await run(...flags, ROOTFS, 'cat', '/proc/self/status');
  return Object.fromEntries(Array.from(all?.matchAll(/^(\w+):\s*(.*)$/gm) ?? [], ([, name, value]) => [name, value]));
}

/** Runs a line in a container. */
const sh = (line: string, ...flags: string[]) => run(...flags, ROOTFS, 'sh', '-c', line);

const DOCKERS = '00000000a80425fb';
const NONE = '0000000000000000';
const ours = /^CapBnd:\s*(\w+)$/m.exec(execFileSync('cat', ['/proc/self/status'], { encoding: 'utf8' }))?.[1];

/** What root of a new user namespace has. */
const EVERY = ((1n << (BigInt(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8')) + 1n)) - 1n)
  .toString(16)
  .padStart(16, '0');

describe('a container', () => {
  test('has docker’s 14 capabilities and a filter', async () => {
    expect(await status()).toMatchObject({
      ...{ CapInh: NONE, CapPrm: DOCKERS, CapEff: DOCKERS, CapBnd: DOCKERS, CapAmb: NONE },
      ...{ NoNewPrivs: '0', Seccomp: '2', Seccomp_filters: '1' },
    });
  });

  test('of another user than root has none, and could get no more than those', async () => {
    expect(await status('-u', '1000')).toMatchObject({
      ...{ CapInh: NONE, CapPrm: NONE, CapEff: NONE, CapBnd: DOCKERS, CapAmb: NONE, Seccomp: '2' },
    });
  });

  test('has those that flags add, and not those that they drop', async () => {
    const [more, less, one, all] = await Promise.all([
      status('--cap-add', 'net_admin', '--cap-add', 'CAP_SYSLOG'),
      status('--cap-drop', 'chown', '--cap-drop', 'KILL'),
      status('--cap-drop', 'ALL', '--cap-add', 'chown'),
      status('--privileged'),
    ]);
    expect(more?.CapEff).toBe('00000004a80435fb');
    expect(less?.CapBnd).toBe('00000000a80425da');
    expect([one?.CapEff, one?.CapPrm, one?.CapBnd]).toEqual(Array(3).fill('0000000000000001'));
    expect([all?.CapEff, all?.CapBnd, all?.Seccomp, all?.Seccomp_filters]).toEqual([ours, ours, '0', '0']);
  });

  test('can get no new privileges if so asked', async () => {
    expect(await status('--security-opt', 'no-new-privileges')).toMatchObject({
      NoNewPrivs: '1',
      CapEff: DOCKERS,
      Seccomp: '2',
    });
  });
});

test('root is refused what would reach the host', async () => {
  const line = [
    ...[
      'exec 2>&1',
      'mount -t tmpfs none /mnt',
      'unshare -U true',
      'dmesg',
      'hostname other',
      'chroot / sh -c "echo chroot"',
    ],
    ...['echo 1 >/proc/sys/kernel/panic', 'touch /sys/file', 'mkdir /sys/fs/cgroup/x'],
    'cat /proc/keys | wc -c',
  ].join('; ');
  const { all } = await sh(line);
  expect(all?.split('\n').map((text) => text.replace(/^(\w+): .*: /, '$1: '))).toEqual([
    expect.stringMatching(/^mount: (permission denied|Operation not permitted)/),
    'unshare: Operation not permitted',
    'dmesg: Operation not permitted',
    'hostname: Operation not permitted',
    'chroot',
    'sh: Read-only file system',
    'touch: Read-only file system',
    'mkdir: Read-only file system',
    '0',
  ]);
});

test('each call that docker’s filter refuses is refused, and those beside it are not', async (context) => {
  needs('cc')(context);
  const program = inRoot('calls');
  execFileSync('cc', ['-static', '-o', program, join(import.meta.dirname, 'calls.c')]);
  const answers = async (...flags: string[]) => {
    const { all } = await run('-v', `${program}:/calls:ro`, ...flags, ROOTFS, '/calls');
    return Object.fromEntries(all?.split('\n').map((line) => line.split(' ')) ?? []);
  };
  const dockers = await answers();
  const refused = ['keyctl', 'add_key', 'bpf', 'io_uring_setup', 'userfaultfd', 'perf_event_open', 'open_by_handle_at'];
  for (const name of [...refused, 'init_module', 'reboot', 'unshare', 'ADDR_NO_RANDOMIZE', 'AF_VSOCK'])
    expect([name, dockers[name]]).toEqual([name, 'EPERM']);
  expect(dockers).toMatchObject({ clone3: 'ENOSYS', newer: 'ENOSYS', AF_INET: 'ok', chroot: 'ok', personality: 'ok' });
  const without = await answers('--security-opt', 'seccomp=unconfined');
  expect(without.ADDR_NO_RANDOMIZE).toBe('ok');
  expect(without.clone3).toBe('EINVAL');
});

test('a session keyring is the container’s own, also where no filter keeps it from keys', async () => {
  const flags = ['seccomp=unconfined', 'systempaths=unconfined'].flatMap((option) => ['--security-opt', option]);
  const { all } = await run(...flags, ROOTFS, 'cat', '/proc/keys');
  expect(all).toMatch(/keyring +_ses: empty/);
});

describe('in the host’s user namespace, which is docker’s default,', () => {
  test('the sets, the filter and the mounts are the same, and ping’s groups are all', async () => {
    const line =
      'grep -E "^(Cap|Seccomp)" /proc/self/status; awk \'$2 ~ "^/(proc|sys)" {print $2, $4}\' /proc/mounts; cat /proc/sys/net/ipv4/ping_group_range';
    const [own, hosts] = await Promise.all([sh(line), sh(line, '--userns', 'host')]);
    const mounts = (all = '') =>
      all
        .split('\n')
        .filter((text) => text.startsWith('/'))
        .map((text) => text.replaceAll(/,[ug]id=\d+/g, ''));
    expect(mounts(hosts.all).filter((text) => text.startsWith('/proc/sys '))).toEqual([
      '/proc/sys ro,nosuid,nodev,noexec,relatime',
    ]);
    expect(mounts(own.all).map((text) => text.split(' ')[0])).toEqual(
      mounts(hosts.all).map((text) => text.split(' ')[0]),
    );
    expect(hosts.all).toMatch(/^0\s2147483647$/m);
    for (const { all } of [own, hosts]) expect(all).toContain(`CapEff:\t${DOCKERS}`);
  });

  test('a privileged container is, and is refused users of its own', async () => {
    const [host, refused] = await Promise.all([
      run('--privileged', ROOTFS, 'cat', '/proc/self/uid_map'),
      run('--privileged', '--userns', 'auto', ROOTFS, 'true'),
    ]);
    expect(host.all).toBe(readFileSync('/proc/self/uid_map', 'utf8').trimEnd());
    expect([refused.exitCode, refused.all]).toEqual([
      125,
      expect.stringContaining('incompatible with user namespaces'),
    ]);
  });
});

describe('a profile', () => {
  const ALLOW = { defaultAction: 'SCMP_ACT_ALLOW' };
  const profile = (name: string, value: object) => {
    const path = inRoot(`${name}.json`);
    writeFileSync(path, JSON.stringify(value));
    return ['--security-opt', `seccomp=${path}`];
  };

  test('of the user’s decides in place of docker’s', async () => {
    const flags = profile('chmod', {
      ...ALLOW,
      syscalls: [{ names: ['chmod', 'fchmodat'], action: 'SCMP_ACT_ERRNO', errnoRet: 95 }],
    });
    const { all } = await sh(
      'chmod 600 /etc/group; mount -t tmpfs none /mnt; grep Seccomp: /proc/self/status',
      ...flags,
    );
    expect(all).toMatch(/^chmod: .*(Operation not supported|Not supported)/);
    expect(all).toMatch(/^mount: /m); // there is still no capability for it
    expect(all).toMatch(/Seccomp:\t2$/);
  });

  test('that refuses execve is told, and one that kills leaves the status of the signal', async () => {
    const rule = (action: string) => ({ ...ALLOW, syscalls: [{ names: ['execve', 'execveat'], action }] });
    const [refused, killed] = await Promise.all([
      run(...profile('refuses', rule('SCMP_ACT_ERRNO')), ROOTFS, 'true'),
      run(...profile('kills', rule('SCMP_ACT_KILL_PROCESS')), ROOTFS, 'true'),
    ]);
    expect([refused.exitCode, refused.all]).toEqual([126, expect.stringContaining('EPERM')]);
    expect([killed.exitCode, killed.all]).toEqual([159, expect.stringContaining('seccomp profile')]);
  });

  test('may allow execve and nothing before it, with no-new-privileges', async () => {
    const flags = profile('execve', {
      defaultAction: 'SCMP_ACT_KILL_PROCESS',
      syscalls: [{ names: ['execve'], action: 'SCMP_ACT_ALLOW' }],
    });
    const all = await Promise.all([
      run(...flags, ROOTFS, 'true'),
      run('--security-opt', 'no-new-privileges', ...flags, ROOTFS, 'nothing-like-this'),
    ]);
    expect(all.map(({ exitCode }) => exitCode)).toEqual([159, 127]); // what came before execve was not asked about
  });

  test('that is none is refused, with the field’s name', async () => {
    const { exitCode, all } = await run(
      ...profile('none', { ...ALLOW, syscalls: [{ names: ['read'], action: 'ALLOW' }] }),
      ROOTFS,
      'true',
    );
    expect([exitCode, all]).toEqual([125, expect.stringContaining('syscalls[0].action: expected one of')]);
  });
});

describe('exec', () => {
  test('has the container’s capabilities, filter and no_new_privs, and --privileged all capabilities', async () => {
    const flags = ['--name', 'walled', '--cap-drop', 'CHOWN', '--security-opt', 'no-new-privileges'];
    const web = run(...flags, ROOTFS, ...WAITS);
    await says(web);
    const its = async (...more: string[]) => {
      const { all } = await ten(
        'exec',
        ...more,
        'walled',
        'grep',
        '-E',
        '^(Cap(Eff|Bnd)|NoNewPrivs|Seccomp):',
        '/proc/self/status',
      );
      return all?.replaceAll(/\s*\n/g, ' ').replaceAll('\t', '');
    };
    const [plain, user, privileged] = await Promise.all([its(), its('-u', '1000'), its('--privileged')]);
    web.kill('SIGTERM');
    await web;
    expect(plain).toBe('CapEff:00000000a80425fa CapBnd:00000000a80425fa NoNewPrivs:1 Seccomp:2');
    expect(user).toBe(`CapEff:${NONE} CapBnd:00000000a80425fa NoNewPrivs:1 Seccomp:2`);
    expect(privileged).toBe(`CapEff:${EVERY} CapBnd:${EVERY} NoNewPrivs:1 Seccomp:2`); // in its user namespace
  });
});

test('sysctls are the container’s own, and the host’s aren’t changed', async () => {
  const line = 'cat /proc/sys/net/core/somaxconn /proc/sys/kernel/shmmax /proc/sys/net/ipv4/ip_unprivileged_port_start';
  const before = execFileSync('sh', ['-c', line], { encoding: 'utf8' });
  const { all } = await sh(line, '--sysctl', 'net.core.somaxconn=77', '--sysctl', 'kernel.shmmax=12345');
  expect(all?.split('\n')).toEqual(['77', '12345', '0']);
  expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toBe(before);
  const refused = await run('--sysctl', 'kernel.panic=1', ROOTFS, 'true');
  expect([refused.exitCode, refused.all]).toEqual([
    125,
    expect.stringContaining("sysctl 'kernel.panic=1' is not allowed"),
  ]);
});
