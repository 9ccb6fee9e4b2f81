import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRootfs } from 'step-01';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep, leftovers, REPOSITORY, shell } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { pnpmLine } from '../../../test/pnpm.ts';

beforeEach(needs('root'));

let folder: string;
let image: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boxstep-root-'));
  image = await defaultRootfs();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  expect(leftovers('boxstep-root')).toEqual([]);
});

const run = (rootfs: string, ...command: string[]) => boxstep('2', 'run', rootfs, ...command);
const sh = (rootfs: string, script: string) => run(rootfs, 'sh', '-c', script);

/** A copy of the default root filesystem that a test may spoil. */
function copy(name: string): string {
  const to = join(folder, name);
  execFileSync('cp', ['-a', '--reflink=auto', image, to]);
  return to;
}

describe('what the container sees', () => {
  test('of mounts is its own alone, none of the host’s', async () => {
    const { stdout } = await sh(image, "cut -d' ' -f5 /proc/self/mountinfo | sort");
    expect(stdout.split('\n')).toEqual(['/', '/dev', '/dev/pts', '/dev/shm', '/proc', '/sys']);
  });

  test('of devices is the few that every program may count on, and they work', async () => {
    const { stdout } = await sh(
      image,
      'ls /dev | tr "\\n" " "; head -c 3 /dev/zero | wc -c; echo x > /dev/null; echo x > /dev/full; true',
    );
    expect(stdout).toMatch(/^fd full null ptmx pts random shm stderr stdin stdout tty urandom zero 3$/);
    expect((await sh(image, 'head -c 1 /dev/zero > /dev/full')).stderr).toContain('No space left on device');
  });

  test('of terminals is a devpts of its own', async () => {
    expect((await sh(image, 'ls /dev/pts')).stdout).toBe('ptmx');
  });

  test('of /sys can be read and not written', async () => {
    const { stdout, stderr } = await sh(
      image,
      'ls /sys | grep -c kernel; echo 1 > /sys/kernel/profiling; mount -o remount,rw /proc/nothing',
    );
    expect(stdout).toBe('1');
    expect(stderr).toMatch(/Read-only file system/);
  });

  test('stays in it: what it mounts is not seen outside', async () => {
    await sh(image, 'mount -t tmpfs boxstep-root /mnt && grep -q boxstep-root /proc/self/mountinfo || echo failed');
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain('boxstep-root');
  });

  test('stays in it also where the host’s mounts are shared', async () => {
    const before = join(folder, 'mounts');
    const { stdout } = await shell(
      `unshare -m sh -c 'mount --make-rshared /; cp /proc/self/mountinfo ${before}; ./boxstep 2 run ${image} sh -c "mount -t tmpfs boxstep-root /mnt && echo mounted"; cmp ${before} /proc/self/mountinfo && echo as before'`,
    );
    expect(stdout).toBe('mounted\nas before');
  });
});

test("the caller's terminal stays outside: the container has pipes in its place, and no /dev/console", async () => {
  const inside = `./boxstep 2 run ${image} sh -c "test -e /dev/console || { readlink /proc/self/fd/0; readlink /proc/self/fd/1; readlink /proc/self/fd/2; }"`;
  const { stdout } = await shell(`script -qec '${inside}' /dev/null`);
  expect(stdout).toMatch(/^pipe:\S+\r\n(pipe:\S+)\r\n\1$/);
});

describe('the way out of a chroot', () => {
  test('leads out of step 1', async () => {
    expect((await boxstep('2', 'escape', '1', 'ls', '-d', REPOSITORY)).stdout).toBe(REPOSITORY);
  });

  test('leads nowhere in step 2', async () => {
    const { exitCode, stdout } = await boxstep('2', 'escape', '2', 'ls', '-d', REPOSITORY);
    expect({ failed: exitCode !== 0, stdout }).toEqual({ failed: true, stdout: '' });
  });

  test('by entering one’s own mount namespace leads out of step 1, and nowhere in step 2', async () => {
    const enter = `nsenter --mount=/proc/1/ns/mnt ls -d ${REPOSITORY}`;
    expect((await boxstep('1', 'run', 'sh', '-c', enter)).stdout).toBe(REPOSITORY);
    expect((await sh(image, enter)).stdout).toBe('');
  });
});

describe('--read-only', () => {
  test('lets nothing be written to the root, and leaves /dev/shm', async () => {
    const { stdout, stderr } = await boxstep(
      '2',
      'run',
      '--read-only',
      image,
      'sh',
      '-c',
      'touch /file; touch /etc/file; echo ok > /dev/shm/file; cat /dev/shm/file',
    );
    expect(stdout).toBe('ok');
    expect(stderr.match(/Read-only file system/g)).toHaveLength(2);
    expect(existsSync(join(image, 'file'))).toBe(false);
  });
});

describe('a root filesystem', () => {
  test('that lacks mount points gets them, which is said', async () => {
    const rootfs = copy('lacking');
    for (const name of ['proc', 'sys', 'dev', 'tmp']) rmSync(join(rootfs, name), { recursive: true });
    const { stdout, stderr } = await sh(rootfs, 'ls -d /proc/1 /sys/kernel /dev/null /tmp; stat -c %a /tmp');
    expect(stdout).toBe('/dev/null\n/proc/1\n/sys/kernel\n/tmp\n1777');
    expect(stderr).toBe(`boxstep: making what ${rootfs} lacks: /proc, /sys, /dev, /tmp`);
    expect(readdirSync(join(rootfs, 'dev'))).toEqual([]);
  });

  describe.each(['proc', 'sys', 'dev'])('whose /%s', (name) => {
    test.each(['/outside', '../../../../../../outside', '/proc/self/cwd/outside', '/tmp'])(
      'is a symbolic link to %s is refused, and nothing outside is touched',
      async (target) => {
        const outside = join(folder, 'outside');
        mkdirSync(outside, { recursive: true });
        writeFileSync(join(outside, 'precious'), '');
        const rootfs = copy(`link-${name}`);
        rmSync(join(rootfs, name), { recursive: true });
        symlinkSync(target.replace('/outside', outside), join(rootfs, name));
        const { exitCode, stderr } = await sh(rootfs, 'true');
        expect(exitCode).toBe(125);
        expect(stderr).toMatch(new RegExp(`openat\\(AT_FDCWD, "/${name}", .*O_NOFOLLOW.*\\): (ENOTDIR|ELOOP): `));
        expect(readdirSync(outside)).toEqual(['precious']);
        rmSync(rootfs, { recursive: true });
      },
    );

    test('is a file is refused, and the file is as it was', async () => {
      const rootfs = copy(`file-${name}`);
      rmSync(join(rootfs, name), { recursive: true });
      writeFileSync(join(rootfs, name), 'precious');
      const { exitCode } = await sh(rootfs, 'true');
      expect(exitCode).toBe(125);
      expect(readFileSync(join(rootfs, name), 'utf8')).toBe('precious');
      rmSync(rootfs, { recursive: true });
    });
  });

  test('whose /etc is a symbolic link to the host’s sees its own /etc behind it', async () => {
    const rootfs = copy('link-etc');
    rmSync(join(rootfs, 'etc'), { recursive: true });
    symlinkSync('/usr/elsewhere', join(rootfs, 'etc'));
    mkdirSync(join(rootfs, 'usr/elsewhere'));
    expect((await sh(rootfs, 'echo mine > /etc/hostname; cat /etc/hostname')).stdout).toBe('mine');
    expect(readFileSync(join(rootfs, 'usr/elsewhere/hostname'), 'utf8')).toBe('mine\n');
  });

  test('may be a relative path, a link to a directory, and have spaces in its name', async () => {
    cpSync(copy('plain'), join(folder, 'with a space'), { recursive: true, verbatimSymlinks: true });
    symlinkSync('with a space', join(folder, 'a link'));
    const inside = (line: string) => shell(`cd '${folder}' && ${line}`);
    expect((await inside(`${REPOSITORY}/boxstep 2 run 'with a space' echo one`)).stdout).toBe('one');
    expect((await inside(`${REPOSITORY}/boxstep 2 run './a link' echo two`)).stdout).toBe('two');
    expect((await inside(`INIT_CWD=/ ${REPOSITORY}/boxstep 2 run plain echo three`)).stdout).toBe('three');
  });

  test('with an absolute path was not found from a directory that is gone', { tags: ['once'] }, async () => {
    const from = (path: string) =>
      shell(`cd $(mktemp -d) && rmdir "$PWD" && ${REPOSITORY}/boxstep 2 run '${path}' pwd`);
    expect(await from(copy('plain'))).toMatchObject({ exitCode: 0, stdout: '/' });
    const { exitCode, stderr } = await from('relative');
    expect([exitCode, stderr]).toEqual([125, expect.stringContaining('this directory is gone')]);
  });

  test('below a path that is no UTF-8 was looked for at another', { tags: ['once'] }, async () => {
    const name = "$'L\\351a'";
    const made = `D=$(mktemp -d) && mkdir $D/${name} && { cp -a --reflink=auto '${image}' $D/${name}/image 2>/dev/null; [ -d $D/${name}/image/bin ]; } && ln -s ${name}/image $D/link`;
    const from = async (line: string) => (await shell(`${made} && ${line}; ls $D | wc -l; rm -r $D`)).all;
    const inside = `cd $D/${name} && ${REPOSITORY}/boxstep 2`;
    expect(await from(`${inside} run image pwd`)).toMatch(/the path of this directory, .* holds bytes .*\n2$/);
    expect(await from(`${inside} --root relative run '${image}' pwd`)).toMatch(/the path of this directory, .*\n2$/);
    expect(await from(`${inside} run '${image}' pwd`)).toBe('/\n2');
    expect(await from('./boxstep 2 run $D/link pwd')).toMatch(/leads to a path with bytes that aren/);
    const root = `BOXSTEP_ROOT=$D/${name} ./boxstep 2 run '${image}' true`;
    expect(await from(root)).toMatch(/the variable BOXSTEP_ROOT holds bytes .*\n2$/);
  });

  test('of pnpm’s start is relative to where pnpm was called', { tags: ['once'] }, async (context) => {
    needs('pnpm')(context);
    expect(
      (await shell(`cd '${folder}' && ${pnpmLine()} -C ${REPOSITORY}/steps/02-rootfs start run ./plain echo here`))
        .stdout,
    ).toContain('here');
  });

  test('may be on a tmpfs or on an overlay', async () => {
    const mounts = [
      [
        'tmpfs',
        'mount -t tmpfs boxstep-root /mnt && cp -a "$1"/. /mnt && ./boxstep 2 run /mnt sh -c "echo on; grep -c boxstep-root /proc/mounts"',
      ],
      [
        'overlay',
        'mount -t tmpfs x /mnt && mkdir /mnt/up /mnt/work /mnt/root && mount -t overlay boxstep-root -o lowerdir="$1",upperdir=/mnt/up,workdir=/mnt/work /mnt/root && ./boxstep 2 run /mnt/root sh -c "echo on; touch /new"; ls /mnt/up',
      ],
    ] as const;
    const outputs = await Promise.all(mounts.map(([, script]) => shell(`unshare -m sh -c '${script}' sh ${image}`)));
    expect(outputs.map(({ stdout }) => stdout)).toEqual(['on\n1', 'on\nnew']);
  });

  test.each([
    ['/', "/ is this machine's own root"],
    ['/../', "/ is this machine's own root"],
    ['/no/such', 'there is no root filesystem at /no/such'],
    ['/dev/null', 'neither a directory nor a tar archive'],
    ['', 'an empty name'],
  ])('cannot be %j', { tags: ['once'] }, async (rootfs, message) => {
    const { exitCode, stderr } = await run(rootfs, 'true');
    expect({ exitCode, stderr }).toEqual({ exitCode: 125, stderr: expect.stringContaining(message) });
  });

  test('that nobody else may enter will do', async () => {
    const rootfs = copy('private');
    chmodSync(rootfs, 0o700);
    expect((await sh(rootfs, 'echo in')).stdout).toBe('in');
  });
});

test('without a root filesystem, the default one is taken', async () => {
  expect((await shell('echo "grep ^ID= /etc/os-release" | ./boxstep 2 run')).stdout).toBe('ID=boxstep');
});
