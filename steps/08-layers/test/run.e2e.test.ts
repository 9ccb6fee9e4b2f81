import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultRootfs } from 'step-01';
import { freezeContainer } from 'step-07';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leftovers, says } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { slowness, tries } from '../../../test/slowness.ts';
import { whilePaused } from '../src/command/container.ts';
import { containerPath, directoriesIn } from '../src/container.ts';
import { load } from '../src/load/load.ts';
import { findImage } from '../src/store/find.ts';
import { archive } from './archives.ts';
import { containers, eight, run, writeImage } from './command.ts';

beforeEach(needs('root', 'overlay'));

const top = mkdtempSync(join(tmpdir(), 'boxstep-image-'));
afterAll(() => rmSync(top, { recursive: true }));
let rootfs: string;
beforeAll(async () => {
  if (process.geteuid?.() !== 0) return;
  rootfs = await defaultRootfs();
  const second = archive(
    { path: 'etc/' },
    { path: 'etc/.wh.profile' },
    { path: 'etc/motd', body: 'of the image\n' },
    { path: 'etc/passwd', body: 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n' },
    { path: 'data/' },
    { path: 'data/seed', body: 'seed\n' },
  );
  const config = {
    ...{
      Env: ['PATH=/bin', 'COLOUR=blue', 'SHAPE=round'],
      User: 'ann',
      WorkingDir: '/srv/work',
      StopSignal: 'SIGUSR1',
    },
    ...{ Cmd: ['sh', '-c', 'id -un; pwd; echo "$COLOUR $SHAPE"'], Volumes: { '/data': {} } },
  };
  const image = join(top, 'image.tar');
  writeImage(image, rootfs, { layers: [second], config: { config } }, 'example/app:1');
  await eight('image', 'load', '-i', image);
  const entry = { Entrypoint: ['echo', 'entry'], Cmd: ['cmd'] };
  const other = join(top, 'entry.tar');
  writeImage(other, rootfs, { config: { config: entry } }, 'entry:latest');
  await eight('image', 'load', '-i', other);
});

describe('a directory', () => {
  test('is the root of two containers that see nothing of each other, and stays as it was', async () => {
    const before = execFileSync('tar', ['-C', rootfs, '--sort=name', '-cf', '-', '.'], { maxBuffer: 1e9 });
    const one = run(rootfs, 'sh', '-c', 'echo one >/etc/who; rm /etc/profile; echo done; while :; do sleep 1; done');
    await says(one); // it has written
    const other = await run(rootfs, 'sh', '-c', 'ls /etc/who /etc/profile');
    expect(other.stdout).toBe('/etc/profile');
    expect(other.stderr).toContain('/etc/who: No such file');
    one.kill('SIGKILL');
    await one;
    expect((await eight('prune')).exitCode).toBe(0);
    expect(execFileSync('tar', ['-C', rootfs, '--sort=name', '-cf', '-', '.'], { maxBuffer: 1e9 }).equals(before)).toBe(
      true,
    );
    expect(containers()).toEqual([]);
  });

  test('whose path has what overlay takes for more than a name is a root all the same', async () => {
    for (const name of ['a:b,c=d', 'x'.repeat(250)]) {
      const odd = join(top, name);
      execFileSync('cp', ['-a', rootfs, odd]);
      expect((await run(odd, 'sh', '-c', 'echo x >/written; cat /written')).all).toBe('x');
    }
  });
});

describe("an image's config", () => {
  test('says who runs what where and with which variables', async () => {
    expect((await run('example/app:1')).all).toBe('ann\n/srv/work\nblue round');
  });

  test('gives way to flags and arguments', async () => {
    const flags = ['-u', 'root', '-w', '/tmp', '-e', 'COLOUR=red', 'example/app:1'];
    expect((await run(...flags, 'sh', '-c', 'id -un; pwd; echo $COLOUR $SHAPE $HOME')).all).toBe(
      'root\n/tmp\nred round /root',
    );
  });

  test.for([
    [[], [], 'entry cmd'],
    [[], ['other'], 'entry other'],
    [['--entrypoint', 'printf'], ['%s', 'x'], 'x'],
    [['--entrypoint', ''], ['echo', 'plain'], 'plain'],
  ] as const)(
    'with the flags %j and the command %j the entrypoint is as docker has it',
    async ([flags, command, output]) => {
      expect((await run(...flags, 'entry', ...command)).all).toBe(output);
    },
  );

  test('that names nothing to run makes no shell of it', async () => {
    const { all, exitCode } = await run('--entrypoint', '', 'entry');
    expect([all, exitCode]).toEqual([expect.stringContaining('no command specified'), 125]);
  });

  test('names a volume, which begins as the image has it, and goes with the container', async () => {
    const { all } = await run(
      '-u',
      'root',
      'example/app:1',
      'sh',
      '-c',
      'cat /data/seed; grep -c " /data " /proc/self/mountinfo',
    );
    expect(all).toBe('seed\n1');
    expect((await eight('volume', 'ls', '-q')).all).toBe('');
  });

  test('names the signal that stops it', async () => {
    const script = 'trap "echo USR1; exit 7" USR1; echo ready; while :; do sleep 0.05; done';
    const container = run('example/app:1', 'sh', '-c', script);
    await says(container);
    container.kill('SIGTERM');
    const { exitCode } = await container;
    expect(exitCode).toBe(7);
  });
});

test('a file that a layer deletes is gone, and one that it brings is there', async () => {
  const { all } = await run('-u', '0', 'example/app:1', 'sh', '-c', 'cat /etc/motd; ls /etc/profile');
  expect(all).toMatch(/^of the image\n.*profile: No such file/);
});

test('a name that is neither an image nor anything else is an error that says so', async () => {
  const { all, exitCode } = await run('nothing-of-that-name');
  expect([all, exitCode]).toEqual([expect.stringContaining('the store has no image nothing-of-that-name'), 125]);
});

test('an archive of an image runs, and so does one of a root filesystem, each unpacked once', async () => {
  const tar = join(top, 'rootfs.tar');
  execFileSync('tar', ['-C', rootfs, '-cf', tar, '.']);
  for (const [path, command, output] of [
    [join(top, 'image.tar'), [], 'ann\n/srv/work\nblue round'],
    [tar, ['sh', '-c', 'echo plain'], 'plain'],
  ] as const) {
    const first = await run(path, ...command);
    expect(first.all).toMatch(/this once/);
    expect(first.stdout).toBe(output);
    expect((await run(path, ...command)).all).toBe(output);
  }
});

test('an image of 500 layers, as many as the kernel takes, runs', async () => {
  const layers = Array.from({ length: 499 }, (_, nth) => archive({ path: `f${nth}` }));
  const many = join(top, 'many.tar');
  writeImage(
    many,
    rootfs,
    { layers, compress: (tar) => tar, mediaType: 'application/vnd.oci.image.layer.v1.tar', config: {} },
    'many:latest',
  );
  for (const { release } of await load({ path: many, say: () => {} })) release();
  expect((await run('many', 'sh', '-c', 'ls / | grep -c "^f[0-9]"')).all).toBe('499');
});

describe('a container that is kept', () => {
  const changes = 'echo changed >/etc/motd; rm /etc/group; mkdir /made; echo new >/made/file; ln /made/file /made/link';
  test('shows what it changed as docker does, becomes an image, and is removed', async () => {
    await run('--name', 'kept', '--keep', '-u', 'root', '-v', '/unused', 'example/app:1', 'sh', '-c', changes);
    const diff = await eight('diff', 'kept');
    expect(diff.all?.split('\n')).toEqual(
      expect.arrayContaining(['C /etc', 'C /etc/motd', 'D /etc/group', 'A /made', 'A /made/file', 'A /made/link']),
    );
    expect(diff.all).not.toMatch(/dev|proc|hosts/);
    const commit = await eight(
      'commit',
      '-a',
      'Ann',
      '-m',
      'why',
      '-c',
      'CMD ["cat", "/etc/motd"]',
      '-c',
      'ENV SHAPE=square',
      'kept',
      'example/app:2',
    );
    expect(commit.stdout).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await run('example/app:2')).all).toBe('changed');
    const look = 'ls /etc/group; echo $SHAPE; stat -c %h /made/file; cat /made/link';
    expect((await run('example/app:2', 'sh', '-c', look)).all).toMatch(/group: No such file.*\nsquare\n2\nnew$/);
    const again = await run('--name', 'kept', 'example/app:1', 'true');
    expect([again.all, again.exitCode]).toEqual([expect.stringContaining('"rm kept" removes it'), 125]);
    expect((await eight('rm', 'kept')).all).toBe('kept');
    expect(containers()).toEqual([]);
  });

  test('may run while it is looked at, and committed', async () => {
    const container = run(
      '--name',
      'running',
      '-u',
      'root',
      'example/app:1',
      'sh',
      '-c',
      'echo x >/x; echo ready; while :; do sleep 1; done',
    );
    await says(container);
    expect((await eight('diff', 'running')).all?.split('\n')).toContain('A /x');
    expect((await eight('rm', 'running')).exitCode).toBe(1);
    expect((await eight('commit', 'running', 'example/app:3')).exitCode).toBe(0);
    container.kill('SIGKILL');
    await container;
    await eight('prune');
    expect((await run('example/app:3', 'cat', '/x')).all).toBe('x');
  });

  test('is paused while its files are read, and then runs on, unless it was paused before', async () => {
    const container = run('--name', 'pausing', 'example/app:1', 'sh', '-c', 'echo ready; while :; do sleep 1; done');
    await says(container);
    const isPaused = () => expect(freezeContainer('pausing', true)).rejects.toThrow('already paused');
    await whilePaused('pausing', isPaused);
    await freezeContainer('pausing', true); // which it refuses if it still is
    await whilePaused('pausing', isPaused);
    await isPaused();
    await freezeContainer('pausing', false);
    container.kill('SIGKILL');
    await container;
    await eight('prune');
  });

  test('on a directory becomes an image of one layer, which is all that it sees', async () => {
    const script = 'echo new >/made; rm /etc/profile; ln /made /link; chmod 700 /tmp';
    await run('--name', 'on-directory', '--keep', rootfs, 'sh', '-c', script);
    expect((await eight('commit', '-c', 'ENV SHAPE=round', 'on-directory', 'from-directory')).exitCode).toBe(0);
    const look = 'cat /link; stat -c %h /made; echo $SHAPE; stat -c %a /tmp; ls /etc/profile';
    const { all } = await run('from-directory', 'sh', '-c', look);
    expect(all).toMatch(/^new\n2\nround\n700\nls: .*profile: No such file/);
    expect((await eight('rm', 'on-directory')).exitCode).toBe(0);
    expect(findImage('from-directory')?.layers).toHaveLength(1);
  });

  test('keeps its files, of which some may be set-user-ID, from the users of the host', async () => {
    await run('--name', 'door', '--keep', rootfs, 'sh', '-c', 'cp /bin/sh /door; chmod 4755 /door');
    const directory = containerPath('door');
    expect(statSync(join(directoriesIn(directory).upper, 'door')).mode & 0o7777).toBe(0o4755);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    await eight('rm', 'door');
  });

  test('has to have a name', async () => {
    expect((await run('--keep', rootfs, 'true')).all).toContain('--keep needs --name');
  });

  test.for(['diff', 'commit', 'rm'])('is not one that %s can find under another name', async (command) => {
    const { all, exitCode } = await eight(command, 'nobody');
    expect([all, exitCode]).toEqual(['boxstep: No such container: nobody', 1]);
  });
});

test('what a container left of which a reboot took the journal is pruned, and what was to be kept stays', async () => {
  await run('--name', 'stays', '--keep', rootfs, 'true');
  await run('--name', 'rebooted', '--keep', rootfs, 'true');
  const record = join(containerPath('rebooted'), 'config.json');
  writeFileSync(record, readFileSync(record, 'utf8').replace('"keep":true', '"keep":false'));
  expect((await eight('prune')).stdout).toBe('rebooted');
  expect(containers()).toEqual(['stays']);
  expect((await eight('rm', 'stays')).exitCode).toBe(0);
});

test('of many runtimes that are killed at random moments nothing stays, once it is pruned', async () => {
  const runs = Array.from({ length: tries(20) }, (_, nth) => nth);
  const worker = async () => {
    for (let nth = runs.pop(); nth !== undefined; nth = runs.pop()) {
      const container = run(
        '--name',
        `killed-${nth}`,
        'example/app:1',
        'sh',
        '-c',
        'while :; do echo x >>/tmp/x; done',
        'boxstep-killed-8',
      );
      await sleep((200 + Math.random() * 1500) * slowness());
      container.kill('SIGKILL');
      const { signal, all } = await container;
      expect(signal, all).toBe('SIGKILL');
    }
  };
  await Promise.all([worker(), worker()]);
  expect((await eight('prune')).exitCode).toBe(0);
  expect(leftovers('boxstep-killed-8')).toEqual([]);
  expect(containers()).toEqual([]);
  expect(existsSync(join(rootfs, 'etc/profile'))).toBe(true);
});
