import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRootfs } from 'step-06';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep, leftovers, shell } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';

beforeEach(needs('root'));

const WORD = 'boxstep-mounts-7';
let folder: string;
let rootfs: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), `${WORD}-`));
  rootfs = await defaultRootfs();
  mkdirSync(join(folder, 'data/sub'), { recursive: true });
  writeFileSync(join(folder, 'data/file'), 'host\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  expect(leftovers(WORD)).toEqual([]);
});

const run = (flags: string[], script: string) =>
  boxstep('7', 'run', '--network', 'none', ...flags, rootfs, 'sh', '-c', script, WORD);
/** In a mount namespace of its own, where the test may mount: what it mounts in `data/sub` is there. Shared is only with copies of it. */
const mounted = (script: string, propagation = 'private') =>
  shell(
    `export D=${folder}/data; unshare -m --propagation private sh -c 'mount --make-r${propagation} /; mount -t tmpfs ${WORD} $D/sub; ${script.replaceAll("'", "'\\''")}'`,
  );
const line = (flags: string, script: string) => `./boxstep 7 run --network none ${flags} ${rootfs} sh -c "${script}"`;

describe('a bind mount', () => {
  test('is the same directory, and both sides write to it', async () => {
    const { stdout } = await run(['-v', `${folder}/data:/data`], 'cat /data/file; echo inside > /data/inside');
    expect(stdout).toBe('host');
    expect(readFileSync(join(folder, 'data/inside'), 'utf8')).toBe('inside\n');
  });

  test.each([
    ['a file', 'file', '/etc/deep/file', 'cat /etc/deep/file', 'host'],
    ['a device', '/dev/null', '/x/null', 'echo gone > /x/null; ls -l /x/null | cut -c1', 'c'],
    ['over what the image has', 'file', '/etc/hostname', 'cat /etc/hostname', 'host'],
  ])('may be %s', async (_, source, target, script, expected) => {
    const from = source.startsWith('/') ? source : `${folder}/data/${source}`;
    expect((await run(['-v', `${from}:${target}`], script)).stdout).toBe(expected);
  });

  test('of a file doesn’t go on a directory, nor the other way round', async () => {
    const { exitCode, stderr } = await run(['-v', `${folder}/data/file:/tmp`], 'true');
    expect([exitCode, stderr]).toEqual([
      125,
      expect.stringContaining('EINVAL: a directory can only be mounted on a directory'),
    ]);
    const other = await run(['-v', `${folder}/data:/etc/passwd`], 'true');
    expect([other.exitCode, other.stderr]).toEqual([
      125,
      expect.stringContaining('what should be a directory is a file'),
    ]);
  });

  test('that may only be read can’t be written, nor what is mounted below it; an old remount left that writable', async () => {
    const script = 'for f in /data/new /data/sub/new; do touch $f 2>/dev/null && echo $f is written; done; true';
    const old =
      'mount --rbind $D $D && mount -o remount,bind,ro $D && ! touch $D/new 2>/dev/null && touch $D/sub/new && echo old way: written';
    const { stdout } = await mounted(
      `${line('-v $D:/data:ro', script.replaceAll('$', '\\$'))}; ${line('--mount type=bind,source=$D,target=/data,readonly,bind-recursive=writable', script.replaceAll('$', '\\$'))}; ${old}`,
    );
    expect(stdout).toBe('/data/sub/new is written\nold way: written');
  });

  test('comes with what is mounted below it, or without', async () => {
    const { stdout } = await mounted(
      `touch $D/sub/below; ${line('-v $D:/data', 'ls /data/sub')}; ${line('--mount type=bind,source=$D,target=/data,bind-recursive=disabled', 'ls /data/sub')}`,
    );
    expect(stdout).toBe('below');
  });

  test.each([
    ['rprivate', 'no', 'no'],
    ['rslave', 'seen', 'no'],
    ['rshared', 'seen', 'seen'],
  ])(
    'with %s: what the host mounts is %s inside, and what the container mounts is %s outside',
    async (propagation, inside, outside) => {
      const wait = 'while [ ! -e /talk/go ]; do sleep 0.02; done';
      const script = `touch /talk/up; ${wait}; grep -q ' /data/new ' /proc/self/mountinfo && echo inside: seen || echo inside: no; mount -t tmpfs ${WORD} /data/mine; touch /talk/done; while [ -e /talk/go ]; do sleep 0.02; done`;
      const { stdout } = await mounted(
        `mkdir -p $D/new $D/mine $D/../talk; rm -f $D/../talk/*
       ${line(`-v $D:/data:${propagation} -v $D/../talk:/talk`, script)} &
       while [ ! -e $D/../talk/up ] && kill -0 $!; do sleep 0.02; done; mount -t tmpfs ${WORD} $D/new; touch $D/../talk/go
       while [ ! -e $D/../talk/done ] && kill -0 $!; do sleep 0.02; done; grep -q "data/mine " /proc/self/mountinfo && echo outside: seen || echo outside: no; rm $D/../talk/go; wait`,
        'shared',
      );
      expect(stdout.split('\n').sort()).toEqual([`inside: ${inside}`, `outside: ${outside}`]);
    },
  );

  test('can’t be shared where the host’s mount isn’t', async () => {
    const { stdout } = await mounted(
      `${line('-v $D:/data:rshared', 'true')} 2>&1; ${line('-v $D:/data:slave', 'true')} 2>&1`,
    );
    expect(stdout).toMatch(/it is not a shared mount .*\n.*it is not a shared or slave mount/);
  });
});

describe('tmpfs', () => {
  test('is in memory, as large as is asked for, and no program can be run from it', async () => {
    const script =
      'cp /bin/busybox /run/x 2>/dev/null; head -c 2000000 /dev/zero > /run/big; wc -c < /run/big; stat -c %a /tmp; grep -c " /run .*nosuid,nodev,noexec" /proc/self/mountinfo';
    const { stdout, stderr } = await run(
      ['--tmpfs', '/run:size=1m', '--mount', 'type=tmpfs,target=/tmp,tmpfs-mode=700'],
      script,
    );
    expect(stderr).toMatch(/No space left on device|I\/O error/);
    expect(stdout.split('\n').slice(1)).toEqual(['700', '1']);
    expect(Number(stdout.split('\n')[0])).toBeLessThanOrEqual(1048576);
  });
});

describe('refusals', () => {
  test.each([
    [['-v', '/tmp:/x', '--mount', 'type=bind,source=/etc,target=/x'], 'Duplicate mount point: /x'],
    [['--mount', 'type=bind,source=/no/such,target=/x'], 'bind source path does not exist: /no/such'],
    [['-v', 'a/b:/x'], 'includes invalid characters for a local volume name'],
    [['-v', '/tmp:/'], "destination can't be '/'"],
    [['-v', '/tmp:/x:rox'], 'invalid mode: rox'],
    [['-v', '/tmp:/proc/1'], 'cannot be mounted because it is inside /proc'],
    [['--volumes-from', 'nobody'], 'No such container: nobody'],
    [['--tmpfs', '/x:foo'], 'invalid tmpfs option "foo"'],
  ])('%j: %s', { tags: ['once'] }, async (flags, error) => {
    const { exitCode, stderr } = await run(flags, 'true');
    expect([exitCode, stderr]).toEqual([125, expect.stringContaining(error)]);
  });

  test('z and Z are said to have no effect', { tags: ['once'] }, async () => {
    expect((await run(['-v', `${folder}/data:/data:Z`], 'cat /data/file')).all).toMatch(/z and Z .* no effect\nhost/s);
  });
});

test('the root may be read-only, and its mounts written all the same; the working directory lies on one', async () => {
  const { stdout } = await run(
    ['--read-only', '-v', `${folder}/data:/new/data`, '-w', '/new/data/sub/deep'],
    'pwd; touch here && ls; touch /root-file 2>&1 | grep -o Read-only.*',
  );
  expect(stdout).toBe('/new/data/sub/deep\nhere\nRead-only file system');
});

describe('into a container that runs', () => {
  test('a directory is mounted, read-only if asked for, and unmounted', async () => {
    mkdirSync(join(folder, 'say'), { recursive: true });
    const wait = (name: string) => `while [ ! -e /say/${name} ]; do sleep 0.02; done`;
    const script = `touch /say/up; ${wait('one')}; cat /hot/file; touch /hot/x 2>/dev/null || echo read-only; touch /say/two; ${wait('three')}; grep -q ' /hot ' /proc/self/mountinfo || echo gone`;
    const there = (name: string) =>
      expect.poll(() => existsSync(join(folder, 'say', name)), { timeout: 20_000 }).toBe(true);
    const container = run(['--name', `${WORD}-hot`, '-v', `${folder}/say:/say`], script);
    await there('up');
    const mount = await boxstep('7', 'mount', `${WORD}-hot`, `${folder}/data`, '/hot', '--ro');
    expect([mount.exitCode, mount.all]).toEqual([0, '']);
    writeFileSync(join(folder, 'say/one'), '');
    await there('two');
    const unmount = await boxstep('7', 'umount', `${WORD}-hot`, '/hot');
    expect([unmount.exitCode, unmount.all]).toEqual([0, '']);
    expect((await boxstep('7', 'umount', `${WORD}-hot`, '/hot')).stderr).toMatch(
      /EINVAL: the target is no mount point/,
    );
    writeFileSync(join(folder, 'say/three'), '');
    expect((await container).stdout).toBe('host\nread-only\ngone');
    rmSync(join(rootfs, 'hot'), { recursive: true, force: true });
  });

  test('that isn’t there is an error of one line', async () => {
    const { exitCode, stderr } = await boxstep('7', 'mount', 'nobody', '/tmp', '/x');
    expect([exitCode, stderr]).toEqual([1, 'boxstep: No such container: nobody']);
  });
});
