import { chownSync, globSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { findHierarchies } from 'step-08';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { says } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { processesWith } from '../../../test/processes.ts';
import { ordinaryUser, removeCgroups, SUBORDINATE, UID, type User, warmUp } from './ordinary-user.ts';
import { answer, giveWayOut } from './way-out.ts';

// What is particular to an ordinary user, in every step. Whole files of the earlier steps' own tests are typed by a user, too:
// see test/rootless.

beforeEach(needs('root', 'uidmap', 'overlay', 'an open folder'));

let user: User;
beforeAll(async () => {
  if (process.geteuid?.() !== 0) return;
  await warmUp();
  user = ordinaryUser();
  await user.nine('rootfs');
});

const none = ['--network', 'none'];
const run = (...args: string[]) => user.nine('run', ...none, ...args);
const sh = (script: string, ...flags: string[]) => run(...flags, user.rootfs, 'sh', '-c', script);

it('root inside is the user outside, and the other ids are those of /etc/subuid', async () => {
  const data = join(user.home, 'data');
  mkdirSync(data, { mode: 0o777 });
  await execa('chmod', ['777', data]);
  const script = 'id -u; cat /proc/self/uid_map; touch /data/root; touch /data/five; chown 5 /data/five';
  const { all, exitCode } = await sh(script, '-v', `${data}:/data`);
  expect(all.trim().split(/\s+/)).toEqual(['0', '0', String(UID), '1', '1', String(SUBORDINATE), '65536']);
  expect(exitCode).toBe(0);
  expect(statSync(join(data, 'root')).uid).toBe(UID);
  expect(statSync(join(data, 'five')).uid).toBe(SUBORDINATE + 4);
});

it('without ranges there is one id: a container runs, and another user is refused with the command that gives more', async () => {
  const one = ordinaryUser(false);
  const { all } = await one.nine(
    'run',
    ...none,
    user.rootfs,
    'sh',
    '-c',
    'cat /proc/self/uid_map; cat /proc/self/setgroups',
  );
  expect(all.trim().split(/\s+/)).toEqual(['0', String(UID), '1', 'deny']);
  const refused = await one.nine('run', ...none, '-u', 'nobody', user.rootfs, 'true');
  expect(refused.all).toMatch(/no user 65534: .* Type: sudo usermod --add-subuids \S+ --add-subgids \S+ boxer$/);
  expect(refused.exitCode).toBe(125);
});

it('a plan begins with how the user becomes root: by newuidmap, or with one id', async () => {
  const plan = async (of: User) => (await of.nine('plan', ...none, user.rootfs, 'true')).stdout;
  expect(await plan(user)).toMatch(new RegExp(`^  step-09  newuidmap \\$pid 0 ${UID} 1 1 ${SUBORDINATE} 65536 `, 'm'));
  expect(await plan(ordinaryUser(false))).toMatch(
    new RegExp(`^  step-09  echo '0 ${UID} 1' > /proc/\\$pid/uid_map`, 'm'),
  );
});

it.each([
  ['keep-id', `${UID}:${UID}`],
  ['keep-id:uid=200,gid=210', '200:210'],
  ['keep-id:gid=0', `${UID}:0`],
])('with --userns %s it runs as that user, and what it writes is the user’s outside', async (userns, ids) => {
  const data = join(user.home, `data-${ids.replace(':', '-')}`);
  mkdirSync(data);
  chownSync(data, UID, UID);
  const script = 'echo $(id -u):$(id -g); touch /data/made; stat -c %u /data /etc';
  const { all } = await sh(script, '--userns', userns, '-v', `${data}:/data`);
  expect(all).toBe(`${ids}\n${ids.split(':')[0]}\n0`);
  expect(statSync(join(data, 'made'))).toMatchObject({ uid: UID, gid: UID });
  expect((await sh('id -u', '--userns', userns, '-u', '0')).all).toBe('0');
});

it('steps 1 and 2: PID 1 with a hostname and a root of its own, that can write nothing of the host’s', async () => {
  const script =
    'echo $$ $(hostname); echo x > /host/passwd; mknod /dev/disk b 8 0; mount -t tmpfs x /mnt && echo mounted';
  const { all } = await sh(script, '--hostname', 'inside', '-v', '/etc:/host');
  expect(all).toContain('1 inside\n');
  expect(all).toMatch(/passwd: Permission denied/);
  expect(all).toMatch(/mknod.*not permitted/);
  expect(all).toContain('mounted'); // in a mount namespace that is its root's
});

it('the caller’s umask was applied to a container’s root, its /etc and its volumes: only root could read them', async () => {
  const path = 'ls -d / /data /etc/hosts; cat /etc/hosts >/dev/null && cat /etc/resolv.conf >/dev/null && echo read';
  const words = ['9', 'run', ...none, '-v', 'umask:/data', '-u', 'nobody', user.rootfs, 'sh', '-c', path];
  const { all } = await user.withUmask('077', ...words);
  expect(all).toBe('/\n/data\n/etc/hosts\nread');
  expect((await user.nine('volume', 'rm', 'umask')).exitCode).toBe(0);
});

describe('step 3', () => {
  it('a limit is an error with the command that gives a cgroup, and without one the container runs', async () => {
    const { all, exitCode } = await run('-m', '64m', user.rootfs, 'true');
    expect(all).toMatch(/^boxstep: --memory needs a cgroup .* Type: (sudo sh scripts\/delegate|systemd-run)/);
    expect(exitCode).toBe(125);
  });

  it('in a cgroup that was given to the user, a limit kills, and nothing of it is left', async () => {
    const given = ordinaryUser(true, true);
    try {
      const script = 'tail /dev/zero || echo killed; i=0; while [ $i -lt 40 ]; do sleep 1 & i=$((i+1)); done; wait';
      const { all } = await given.nine(
        'run',
        ...none,
        '-m',
        '20m',
        '--pids-limit',
        '30',
        user.rootfs,
        'sh',
        '-c',
        script,
      );
      expect(all).toMatch(/^killed$/m);
      expect(all).toMatch(/out of memory \(limit 20 MiB/);
      expect(all).toMatch(/can't fork|Cannot fork|Resource temporarily unavailable/);
      expect(new Set(cgroupsOfUser())).toEqual(new Set(['shell'])); // as they were given
    } finally {
      await removeCgroups();
    }
    const left = findHierarchies().flatMap(({ mount }) => readdirSync(mount).filter((name) => name.endsWith(`${UID}`)));
    expect(left).toEqual([]);
  });
});

it('step 4: another user of the container, and a variable', { tags: ['once'] }, async () => {
  const { all } = await sh('id -u; id -G; echo $A', '-u', 'nobody', '--group-add', 'tty', '-e', 'A=b');
  expect(all.trim().split(/\s+/)).toEqual(['65534', '65534', '5', 'b']);
});

describe('step 5', () => {
  beforeEach(needs('pasta', 'ip', 'tun'));

  beforeAll(giveWayOut);

  it('a published port leads in, and nothing of pasta is left, also after the runtime was killed', async () => {
    const inside = user.nine(
      'run',
      '--name',
      'web',
      '-p',
      '127.0.0.1:8765:80',
      user.rootfs,
      'nc',
      '-ll',
      '-p',
      '80',
      '-e',
      'echo',
      'hello',
    );
    await expect.poll(() => answer(8765)).toBe('hello\n');
    const [pasta] = processesWith(join(user.home, 'run'), () => true).filter(({ line }) => line.startsWith('pasta'));
    expect(pasta).toBeDefined();
    process.kill(inside.pid as number, 'SIGKILL'); // unshare became setpriv, and that the command
    await inside;
    expect((await user.nine('prune')).all).toBe('web');
    await expect.poll(() => processesWith(join(user.home, 'run'), () => true)).toEqual([]);
  });

  it('what takes a bridge is refused with the command that makes one', { tags: ['once'] }, async () => {
    const { all, exitCode } = await user.nine('network', 'create', 'mine');
    expect(all).toMatch(/a bridge takes root\. Type: sudo \.\/boxstep 9 network create mine$/);
    expect(exitCode).toBe(1);
  });
});

it('steps 6 and 7: exec, a directory more, and another container that shares its network, though each is a command of its own', {
  tags: ['once'],
}, async () => {
  const shared = join(user.home, 'shared');
  mkdirSync(shared, { recursive: true });
  writeFileSync(join(shared, 'file'), '');
  const script = 'mkfifo /tmp/end; echo up; cat /tmp/end; echo ended';
  const web = run('--name', 'box', '-v', 'kept:/etc', user.rootfs, 'sh', '-c', script);
  await says(web);
  expect((await user.nine('exec', 'box', 'cat', '/proc/1/comm')).all).toBe('sh');
  expect((await user.nine('mount', 'box', shared, '/mnt/shared')).exitCode).toBe(0);
  expect((await user.nine('exec', 'box', 'ls', '/mnt/shared')).all).toBe('file');
  const beside = ['--network', 'container:box', '--pid', 'container:box', user.rootfs];
  expect((await user.nine('run', ...beside, 'cat', '/proc/1/comm')).all).toBe('sh');
  // Detached: the container's end would kill it, and its status be 137, unless it is over by then.
  expect((await user.nine('exec', '-d', 'box', 'sh', '-c', ': > /tmp/end')).exitCode).toBe(0);
  expect((await web).stdout).toBe('up\nended');
  expect((await user.nine('volume', 'rm', 'kept')).all).toBe('kept');
});

it('step 8: an image is made of a container, with files of many ids, and removed with all that was unpacked', async () => {
  const archive = join(user.home, 'root.tar');
  await execa('tar', ['-C', user.rootfs, '-cf', archive, '.']);
  // A device takes root to make: it was an error, and is left out.
  await execa('sh', [
    '-c',
    `mkdir -p ${user.home}/dev && mknod -m 666 ${user.home}/dev/full c 1 7 && tar -C ${user.home} -rf ${archive} ./dev/full`,
  ]);
  expect((await user.nine('image', 'import', archive, 'mine:1')).exitCode).toBe(0);
  const change =
    'rm /etc/profile; rm -r /home; mkdir /home; echo hi > /root/file; chown 8:9 /root/file; chmod 700 /root';
  await run('--keep', '--name', 'kk', 'mine:1', 'sh', '-c', change);
  expect((await user.nine('diff', 'kk')).all.split('\n').sort()).toEqual([
    'A /root/file',
    'C /etc',
    'C /home',
    'C /root',
    'D /etc/profile',
  ]);
  expect((await user.nine('commit', 'kk', 'mine:2')).exitCode).toBe(0);
  const { all } = await run('mine:2', 'sh', '-c', 'stat -c %u:%g /root/file; ls /home /etc/profile');
  expect(all).toMatch(/^8:9\n/);
  expect(all).toMatch(/profile: No such file/);
  expect((await user.nine('rm', 'kk')).all).toBe('kk');
  expect((await user.nine('image', 'rm', 'mine:1', 'mine:2')).exitCode).toBe(0);
  expect(readdirSync(join(user.home, '.cache/boxstep/layers')).filter((name) => !name.startsWith('.'))).toEqual([]);
});

it('the demo makes a root filesystem at its first use, without devices', async () => {
  const { stdout, stderr, exitCode } = await user.nine('--root', join(user.home, 'anew'), 'demo');
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('\nmounted\n')]);
  expect(stderr).toMatch(/^boxstep: Made of /m);
  expect(stderr).toMatch(/^mknod: .*not permitted$/m);
});

it('what is kept of a user’s is the user’s own: nothing is below /run/boxstep or /var', {
  tags: ['once'],
}, async () => {
  const { all } = await sh('cat /proc/self/mountinfo');
  expect(all).toContain(`${user.home}/run/boxstep/.etc/`);
  expect(all.replaceAll(user.home, '~')).not.toMatch(/[ =]\/(run|var)\/\S*boxstep/);
  expect(readdirSync(join(user.home, 'run/boxstep'))).toEqual(['.users']);
  expect(readdirSync(join(user.home, '.local/share/boxstep/containers'))).toEqual([]);
});

/** What is in the cgroups that were given to the user. */
function cgroupsOfUser(): string[] {
  return findHierarchies().flatMap(({ mount }) => {
    const given = readdirSync(mount).filter((name) => name.endsWith(`${UID}`));
    return given.flatMap((name) => globSync('**/*/', { cwd: join(mount, name) }));
  });
}
