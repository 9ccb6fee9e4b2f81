import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mount, perform, setxattr, umount2 } from 'shared-native';
import { defaultRootfs } from 'step-06';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { boxstep, leftovers, shell } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { slowness, tries } from '../../../test/slowness.ts';
import { dataOf, volumesDirectory } from '../src/volumes/store.ts';

beforeEach(needs('root'));

const WORD = 'boxstep-volumes-7';
let image: string;
beforeAll(async () => {
  image = join(mkdtempSync(join(tmpdir(), `${WORD}-`)), 'image');
  execFileSync('cp', ['-a', '--reflink=auto', await defaultRootfs(), image]);
});
afterAll(() => {
  rmSync(join(image, '..'), { recursive: true, force: true });
  expect(leftovers(WORD)).toEqual([]);
});

const run = (flags: string[], script: string) =>
  boxstep('7', 'run', '--network', 'none', ...flags, image, 'sh', '-c', script, WORD);
const volume = (...words: string[]) => boxstep('7', 'volume', ...words);
const names = async () => (await volume('ls', '-q')).stdout.split('\n').filter(Boolean);

describe('a volume', () => {
  test('outlives the container: the next one finds what it left', async () => {
    await run(['-v', 'kept:/data'], 'echo one > /data/file');
    expect((await run(['-v', 'kept:/other:ro'], 'cat /other/file; touch /other/x')).all).toMatch(
      /^one\ntouch: .*Read-only/,
    );
    expect(await names()).toEqual(['kept']);
    const said = JSON.parse(readFileSync(join(dataOf(volumesDirectory(), 'kept'), '../volume.json'), 'utf8'));
    expect(said, 'and nothing of the container').toEqual({
      createdAt: expect.any(String),
      labels: {},
      anonymous: false,
    });
    expect((await volume('rm', 'kept')).stdout).toBe('kept');
    expect(await names()).toEqual([]);
  });

  test('is removed also if its files are gone, or on another disk, which stays mounted', {
    tags: ['once'],
  }, async () => {
    await volume('create', 'gone');
    rmSync(dataOf(volumesDirectory(), 'gone'), { recursive: true });
    await volume('create', 'moved');
    const disk = mkdtempSync(join(tmpdir(), `${WORD}-disk-`));
    perform(mount('tmpfs', disk, 'tmpfs', 0, 'nr_inodes=2'));
    onTestFinished(() => {
      perform(umount2(disk, 0));
      rmSync(disk, { recursive: true });
    });
    writeFileSync(join(disk, 'file'), '');
    rmSync(dataOf(volumesDirectory(), 'moved'), { recursive: true });
    symlinkSync(disk, dataOf(volumesDirectory(), 'moved'));
    expect((await volume('rm', 'gone', 'moved')).all).toBe('gone\nmoved');
    expect(readdirSync(disk)).toEqual(['file']);
  });

  test('can’t be removed while a container uses it, and can afterwards', async () => {
    const name = `${WORD}-user`;
    const container = run(
      ['--name', name, '-v', 'used:/data', '-v', '/anonymous'],
      'touch /data/up; while [ ! -e /data/go ]; do sleep 0.05; done',
    );
    const data = dataOf(volumesDirectory(), 'used');
    await expect.poll(() => existsSync(join(data, 'up')), { timeout: 20_000 }).toBe(true);
    const { exitCode, stderr } = await volume('rm', 'used');
    expect([exitCode, stderr]).toEqual([1, `boxstep: remove used: volume is in use - [${name}]`]);
    expect((await volume('prune', '-af')).stdout).toBe('Total reclaimed space: 0B');
    const other = await run(['--volumes-from', `${name}:ro`], 'ls /data; touch /data/x; ls -d /anonymous');
    expect([other.stdout, other.stderr]).toEqual(['up\n/anonymous', expect.stringContaining('Read-only')]);
    writeFileSync(join(data, 'go'), '');
    await container;
    expect(await names()).toEqual(['used']);
    expect((await volume('rm', 'used', 'nobody')).all.split('\n').sort()).toEqual([
      'boxstep: get nobody: no such volume',
      'used',
    ]);
  });

  test('without a name is there as long as the container, also where another has taken it over', async () => {
    const going = (say: string) => `touch /anonymous/${say}; while [ ! -e /anonymous/${say}-go ]; do sleep 0.05; done`;
    const one = run(['--name', `${WORD}-one`, '-v', '/anonymous'], going('one'));
    await expect.poll(async () => (await names()).length, { timeout: 20_000 }).toBe(1);
    const [name = ''] = await names();
    const data = dataOf(volumesDirectory(), name);
    await expect.poll(() => existsSync(join(data, 'one')), { timeout: 20_000 }).toBe(true);
    const two = run(['--name', `${WORD}-two`, '--volumes-from', `${WORD}-one`], going('two'));
    await expect.poll(() => existsSync(join(data, 'two')), { timeout: 20_000 }).toBe(true);
    writeFileSync(join(data, 'one-go'), '');
    await one;
    expect(await names(), 'the second still uses it').toEqual([name]);
    writeFileSync(join(data, 'two-go'), '');
    await two;
    expect(await names()).toEqual([]);
  });

  test('part of it may be mounted, and no link in it leads out', async () => {
    await run(
      ['-v', 'parts:/v'],
      'mkdir -p /v/a/b; echo in > /v/a/b/file; ln -s a/b /v/in; ln -s /etc /v/out; ln -s ../../../../etc /v/dots',
    );
    const part = (subpath: string) =>
      run(['--mount', `type=volume,source=parts,target=/p,volume-subpath=${subpath}`], 'ls /p');
    expect((await part('a/b')).stdout).toBe('file');
    expect((await part('in')).stdout).toBe('file');
    for (const subpath of ['out', 'dots']) expect((await part(subpath)).all).toMatch(/^boxstep: openat2\(.*EXDEV/);
    await volume('rm', 'parts');
  });
});

describe('a new volume', () => {
  test('takes over what the image has there: owners, modes, times, links, attributes, holes', async () => {
    const from = join(image, 'srv/data');
    const script = `
      mkdir -p ${from}/dir ${from}/empty; cd ${from}; chown 7:8 .; chmod 1751 .
      echo text > file; chown 1000:1001 file; chmod 4750 file; ln file dir/hard; ln -s ../file dir/soft; ln -s /etc/shadow out
      mkfifo pipe; mknod null c 1 3; truncate -s 64M holes; printf end >> holes; chown -h 5:6 dir/soft
      printf x > "$(printf 'not-utf8-\\377')"; touch -d '2001-02-03 04:05:06' file dir .`;
    execFileSync('sh', ['-c', script]);
    perform(setxattr(join(from, 'file'), 'user.note', Buffer.from('kept')));
    const capability = Buffer.from('0100000200040000000000000000000000000000', 'hex'); // cap_net_bind_service
    perform(setxattr(join(from, 'file'), 'security.capability', capability));
    await run(['-v', 'full:/srv/data'], 'true');
    const tell = (path: string) =>
      execFileSync('sh', [
        '-c',
        `cd ${path} && find . -printf '%P %y %#m %U:%G %n %l %s %Y %t\\n' | sed 's/\\(:..\\)\\.[0-9]*/\\1/' | sort; stat -c '%a %u:%g %Y' .; getfattr -d -m - file 2>/dev/null; du -k holes | cut -f1; cat dir/hard`,
      ]).toString();
    const copy = dataOf(volumesDirectory(), 'full');
    expect(tell(copy)).toBe(tell(from));
    expect(readdirSync(copy, { encoding: 'buffer' }).map((name) => name.toString('latin1'))).toContain('not-utf8-ÿ');
    expect(
      Number(
        execFileSync('du', ['-k', join(copy, 'holes')])
          .toString()
          .split('\t')[0],
      ),
    ).toBeLessThan(1024);
    await volume('rm', 'full');
    rmSync(from, { recursive: true });
  });

  test('takes over nothing with nocopy, and one that holds something is left alone', async () => {
    const list = (flags: string[]) => run(flags, 'ls /etc | grep -c passwd').then(({ stdout }) => stdout);
    expect(await list(['-v', 'empty:/etc:nocopy'])).toBe('0');
    expect(await list(['-v', 'empty:/etc'])).toBe('1');
    await run(['-v', 'mine:/data'], 'touch /data/mine');
    expect(await list(['-v', 'mine:/etc'])).toBe('0');
    await volume('rm', 'empty', 'mine');
  });
});

test('of many runs with volumes, killed with SIGKILL at random moments, no anonymous volume lives on, and none is half full', async () => {
  execFileSync('sh', [
    '-c',
    `mkdir -p ${image}/srv/many; cd ${image}/srv/many; for i in $(seq 300); do echo $i > $i; done; echo last > zz`,
  ]);
  const runs = Array.from({ length: tries(300) }, (_, n) => n);
  const worker = async () => {
    for (let n = runs.pop(); n !== undefined; n = runs.pop()) {
      const container = run(
        ['--name', `${WORD}-${n}`, '-v', '/anonymous', '-v', `many${n % 3}:/srv/many`],
        'sleep 1000',
      );
      await sleep((50 + Math.random() * 300) * Math.min(5, slowness()));
      container.kill('SIGKILL');
      const { signal, all } = await container;
      expect(signal, all).toBe('SIGKILL');
      expect([0, 301]).toContain(filesIn(dataOf(volumesDirectory(), `many${n % 3}`)));
      if (n % 10 === 0) await volume('rm', `many${n % 3}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  expect((await boxstep('7', 'prune')).exitCode).toBe(0);
  expect((await names()).filter((name) => !name.startsWith('many'))).toEqual([]);
  await run(['-v', 'last:/srv/many'], 'true');
  expect(readFileSync(join(dataOf(volumesDirectory(), 'last'), 'zz'), 'utf8')).toBe('last\n');
  expect((await volume('prune', '-af')).exitCode).toBe(0);
  expect(readdirSync(volumesDirectory())).toEqual([]);
});

/** How many files a directory has; none if it isn't there, or was taken away while it was read. */
function filesIn(directory: string): number {
  try {
    const { ino } = statSync(directory);
    const { length } = readdirSync(directory);
    return statSync(directory).ino === ino ? length : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

describe('commands', { tags: ['once'] }, () => {
  test('create, ls, inspect and rm answer as docker’s do', async () => {
    expect((await volume('create', '--label', 'tier=db', 'named')).stdout).toBe('named');
    const { stdout: anonymous } = await volume('create');
    expect(anonymous).toMatch(/^[0-9a-f]{64}$/);
    expect((await volume('ls')).stdout).toBe(
      `DRIVER    VOLUME NAME\n${[anonymous, 'named'].map((name) => `local     ${name}`).join('\n')}`,
    );
    expect((await volume('ls', '-q', '--filter', 'label=tier=db')).stdout).toBe('named');
    expect((await volume('ls', '-q', '--filter', 'name=nam', '--filter', 'dangling=false')).stdout).toBe('');
    expect(JSON.parse((await volume('inspect', 'named')).stdout)).toMatchObject([
      {
        Driver: 'local',
        Labels: { tier: 'db' },
        Mountpoint: dataOf(volumesDirectory(), 'named'),
        Name: 'named',
        Scope: 'local',
      },
    ]);
    const missing = await volume('inspect', 'nobody');
    expect([missing.exitCode, missing.stdout, missing.stderr]).toEqual([
      1,
      '[]',
      'boxstep: get nobody: no such volume',
    ]);
    const asked = await shell('echo n | ./boxstep 7 volume prune');
    expect(asked.stdout).toMatch(
      /^WARNING! This will remove anonymous local volumes not used by at least one container/,
    );
    expect((await volume('prune', '-f')).stdout).toBe(`Deleted Volumes:\n${anonymous}\n\nTotal reclaimed space: 0B`);
    expect((await volume('rm', '-f', 'named', 'nobody')).stdout).toBe('named\nnobody');
    expect((await volume('create', 'a/b')).exitCode).toBe(1);
  });
});

describe('volume create -o', () => {
  const mounted = () => readFileSync('/proc/self/mountinfo', 'utf8').includes(volumesDirectory());

  test('mounts a filesystem in memory for as long as a container uses it', async () => {
    await volume('create', '-o', 'type=tmpfs', '-o', 'device=tmpfs', '-o', 'o=size=1m,noexec,mode=0700', 'memory');
    const script =
      'grep " /data " /proc/mounts | cut -d " " -f 1,3,4; head -c 2m /dev/zero > /data/it; wc -c < /data/it';
    expect((await run(['-v', 'memory:/data'], script)).stdout).toMatch(
      /^tmpfs tmpfs rw,noexec,relatime,size=1024k,mode=700\S*\n1048576$/,
    );
    expect((await run(['-v', 'memory:/data'], 'ls /data')).stdout).toBe(''); // it was in memory
    expect(mounted()).toBe(false);
    expect((await volume('inspect', '-f', '{{json .Options}}', 'memory')).stdout).toBe(
      '{"device":"tmpfs","o":"size=1m,noexec,mode=0700","type":"tmpfs"}',
    );
    const typed = 'src=typed,dst=/data,volume-opt=type=tmpfs,volume-opt=device=tmpfs,"volume-opt=o=size=1m,noexec"';
    expect((await run(['--mount', typed], script)).stdout).toMatch(
      /^tmpfs tmpfs rw,noexec,relatime,size=1024k\S*\n1048576$/,
    );
    expect((await volume('rm', 'typed')).stdout).toBe('typed');
  });

  test('binds a directory of the host’s, which keeps its files when the volume is removed', async () => {
    const directory = mkdtempSync(join(tmpdir(), `${WORD}-bound-`));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'file'), 'kept\n');
    const bind = (...o: string[]) => ['-o', 'type=none', '-o', `o=${o.join()}`, '-o', `device=${directory}`];
    await volume('create', ...bind('bind'), 'bound');
    await volume('create', ...bind('bind', 'ro'), 'sealed');
    expect((await run(['-v', 'bound:/data'], 'cat /data/file; echo more > /data/more')).all).toBe('kept');
    expect((await run(['-v', 'sealed:/data'], 'cat /data/more; touch /data/x')).all).toMatch(
      /^more\ntouch: .*Read-only/,
    );
    expect((await volume('rm', 'bound', 'sealed')).all).toBe('bound\nsealed');
    expect(readdirSync(directory).sort()).toEqual(['file', 'more']);
    expect(mounted()).toBe(false);
  });

  test('that can’t be mounted fails the container, and leaves nothing', async () => {
    await volume('create', '-o', 'type=none', '-o', 'o=bind', '-o', 'device=/no/such', 'nowhere');
    const { exitCode, stderr } = await run(['-v', 'nowhere:/data'], 'true');
    expect([exitCode, stderr]).toEqual([125, expect.stringContaining('failed to mount local volume: ')]);
    expect((await volume('rm', 'nowhere')).all).toBe('nowhere');
  });

  test.each([
    [['-o', 'device=/srv'], 'missing required option: "type"'],
    [['-o', 'type=tmpfs'], 'missing required option: "device"'],
    [['-o', 'o=ro'], 'missing required option: "device"'],
    [['-o', 'size=1m'], 'quota size requested but no quota support'],
  ])('%j is refused in docker’s words', async (flags, why) => {
    const { exitCode, stderr } = await volume('create', ...flags, 'refused');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`create refused: ${why}`)]);
    expect(await names()).not.toContain('refused');
  });
});
