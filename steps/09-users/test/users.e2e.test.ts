import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { defaultRootfs } from 'step-08';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep, leftovers, shell, WAIT } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { waiting as startWaiting, type Waiting } from '../../06-ipc/test/running.ts';

beforeEach(needs('root', 'overlay'));

const WORD = 'boxstep-users-9';
const isRoot = process.geteuid?.() === 0;
let folder: string;
let rootfs: string;
beforeAll(async () => {
  if (!isRoot) return;
  folder = mkdtempSync(join(tmpdir(), `${WORD}-`));
  chmodSync(folder, 0o755);
  rootfs = await defaultRootfs();
});
afterAll(() => {
  if (!isRoot) return;
  rmSync(folder, { recursive: true, force: true });
  expect(leftovers(WORD)).toEqual([]);
});

const nine = (...args: string[]) => boxstep('9', ...args);
const run = (flags: string[], script: string) =>
  nine('run', '--network', 'none', ...flags, rootfs, 'sh', '-c', script, WORD);

/** A directory of the host's, with files of root's, and one in which anybody may make files. */
function hosts(name: string): string {
  const directory = join(folder, name);
  mkdirSync(join(directory, 'open'), { recursive: true });
  chmodSync(directory, 0o755);
  chmodSync(join(directory, 'open'), 0o1777);
  for (const [file, mode] of [
    ['closed', 0o600],
    ['readable', 0o644],
  ] as const) {
    writeFileSync(join(directory, file), 'host\n', { mode });
    chmodSync(join(directory, file), mode);
  }
  return directory;
}

/** A container that runs until it is ended. */
function waiting(name: string, flags: string[] = [], script = WAIT): Promise<Waiting> {
  return startWaiting(9, name, ['--network', 'none', ...flags, rootfs], script);
}

const firstOutside = (map: string) => Number(map.trim().split(/\s+/)[1]);

describe('a container', () => {
  test('is root inside, and outside a user whom nobody else is', async () => {
    const { stdout, stderr } = await run(
      ['-v', `${hosts('first')}/open:/open`],
      'id -u; cat /proc/self/uid_map; touch /open/mine',
    );
    expect(stderr).toBe('');
    const [id, map = ''] = stdout.split('\n');
    expect(id).toBe('0');
    const { uid, gid } = statSync(join(folder, 'first/open/mine'));
    expect(uid).toBe(firstOutside(map));
    expect([uid, gid].every((one) => one >= 100_000)).toBe(true);
  });

  test('has all ids that there are with --userns host', async () => {
    expect((await run(['--userns', 'host'], 'cat /proc/self/uid_map')).stdout.trim().split(/\s+/)).toEqual([
      '0',
      '0',
      '4294967295',
    ]);
  });

  test('has the ids that are asked for, and they are the owners of its files', async () => {
    const { stdout } = await run(
      [
        '--uidmap',
        '0:5000:100',
        '--uidmap',
        '100:9000:10',
        '--gidmap',
        '0:7000:1000',
        '-v',
        `${hosts('asked')}/open:/open`,
      ],
      'tr -s " " < /proc/self/uid_map; chown 105:999 /etc; ls -dn /etc | tr -s " " | cut -d" " -f3,4; touch /open/a; chown 105:999 /open/a',
    );
    expect(stdout).toBe(' 0 5000 100\n 100 9000 10\n105 999');
    expect(statSync(join(folder, 'asked/open/a'))).toMatchObject({ uid: 9005, gid: 7999 });
  });

  test('has a terminal and pipes of its own user, whoever that is', async () => {
    const command = './boxstep 9 run --network none';
    const said = `${rootfs} sh -c 'id -u; echo again > /dev/stdout'`;
    expect((await shell(`${command} -u 33:44 ${said} | cat`)).stdout).toBe('33\nagain');
    const typed = await shell(`script -qec "${command} -it -u 33 ${said}" /dev/null`);
    // script(1) types a NUL when its input is at its end, and the terminal shows it, whenever that is.
    expect(typed.stdout.replaceAll(/\r|\^@/g, '')).toContain('33\nagain');
  });

  test('finds its way into directories that are closed to all but the host’s root', async () => {
    const directory = hosts('closed');
    chmodSync(directory, 0o700);
    const { stdout } = await run(['-v', `${directory}/readable:/file`], 'cat /file');
    expect(stdout).toBe('host');
  });
});

test('a hard limit above that of the host’s root could not be had in a user namespace', async (context) => {
  needs('higher limits')(context);
  const flags = ['--ulimit', 'nofile=5000:6000'];
  const limited = await waiting('limited', flags);
  const typed = (words: string) => shell(`ulimit -n 4096; ./boxstep 9 ${words} sh -c 'ulimit -n; ulimit -Hn'`);
  const begun = await typed(`run --network none ${flags.join(' ')} ${rootfs}`);
  const joined = await typed('exec limited');
  await limited.end();
  expect([begun.all, joined.all]).toEqual(['5000\n6000', '5000\n6000']);
});

describe('two containers', () => {
  test('have no id in common, and the first that ends leaves its ids to the next', async () => {
    const map = ['exec', 'one', 'cat', '/proc/self/uid_map'];
    const first = await waiting('one');
    const one = firstOutside((await nine(...map)).stdout);
    const two = firstOutside((await run([], 'cat /proc/self/uid_map')).stdout);
    await first.end();
    const three = firstOutside((await run([], 'cat /proc/self/uid_map')).stdout);
    expect(two).toBeGreaterThanOrEqual(one + 65_536);
    expect(three).toBe(one);
  });

  test('have no id in common where the first has those of one that was killed', async () => {
    const dead = await waiting('dead');
    process.kill(dead.runtime, 'SIGKILL');
    await dead.end();
    const first = await waiting('heir');
    const one = firstOutside((await nine('exec', 'heir', 'cat', '/proc/self/uid_map')).stdout);
    const two = firstOutside((await run([], 'cat /proc/self/uid_map')).stdout);
    await first.end();
    expect(two).toBeGreaterThanOrEqual(one + 65_536);
  });

  test('see the files of a volume by the same owners', async () => {
    const writer = await waiting('writer', ['-v', `${WORD}:/data`], `touch /data/a; chown 33 /data/a; ${WAIT}`);
    const { stdout } = await run(
      ['-v', `${WORD}:/data`],
      'ls -ln /data | tail -n 1 | tr -s " " | cut -d" " -f3; touch /data/b && ls /data/b',
    );
    await writer.end();
    expect(stdout).toBe('33\n/data/b');
    expect((await nine('volume', 'rm', WORD)).exitCode).toBe(0);
  });

  test('have the same users if one shares what belongs to the other', async () => {
    const shared = await waiting('shared');
    const flags = ['run', '--network', 'none', '--pid', 'container:shared', rootfs, 'sh', '-c'];
    const maps = await nine(
      ...flags,
      'cat /proc/self/uid_map /proc/1/uid_map; touch /file && ls -ln /file | tr -s " " | cut -d" " -f3',
    );
    const refused = await nine('run', '--userns', 'auto', ...flags.slice(1), 'true');
    await shared.end();
    const [one, two, owner] = maps.stdout.split('\n');
    expect([one, owner]).toEqual([two, '0']);
    expect([refused.exitCode, refused.stderr]).toEqual([125, expect.stringContaining('conflicting options')]);
  });
});

describe('root of a container, with the host’s files in sight', () => {
  const ATTEMPTS = [
    ['reads what is closed', 'cat /host/closed'],
    ['writes to what may only be read', 'echo x > /host/readable'],
    ['changes its mode', 'chmod 666 /host/readable'],
    ['takes it', 'chown 0 /host/readable'],
    ['removes it', 'rm -f /host/readable'],
    ['puts another in its place', 'touch /host/new'],
    ['makes a device in their directory', 'mknod /host/open/disk b 254 0'],
    ['makes one in its own', 'mknod /disk b 254 0'],
  ] as const;

  test('can neither read, write, take nor remove them, nor make a device', async () => {
    const directory = hosts('tried');
    const script = ATTEMPTS.map(([, attempt]) => `(${attempt}); echo $?`).join('\n');
    const { stdout, stderr } = await run(['-v', `${directory}:/host`], script);
    const done = ATTEMPTS.flatMap(([what], nth) => (stdout.split('\n')[nth] === '1' ? [] : [what]));
    expect(done, stderr).toEqual([]);
    for (const line of stderr.split('\n')) expect(line).toMatch(/ermission denied|not permitted/);
    expect(readFileSync(join(directory, 'readable'), 'utf8')).toBe('host\n');
    expect(statSync(join(directory, 'closed'))).toMatchObject({ uid: 0, mode: 0o100600 });
  });

  test('can’t make a read-only bind writable again, not even of a file that anybody may write', async () => {
    const directory = hosts('sealed');
    chmodSync(join(directory, 'readable'), 0o666);
    const { stderr } = await run(
      ['-v', `${directory}:/host:ro`],
      'mount -o remount,rw,bind /host; echo x > /host/readable; mount --bind /host /mnt; mount -o remount,rw,bind /mnt; echo y > /mnt/readable',
    );
    expect(stderr).toMatch(/denied.*Read-only.*denied.*Read-only/s);
    expect(readFileSync(join(directory, 'readable'), 'utf8')).toBe('host\n');
  });

  test('sees a file that is bound read-only, and not a directory in its place', async () => {
    const file = join(hosts('one-file'), 'readable');
    const { stdout, stderr } = await run(['-v', `${file}:/file:ro`], 'cat /file; echo x > /file');
    expect(stdout).toBe('host');
    expect(stderr).toContain('Read-only file system');
  });

  test('can’t reach more by a descriptor that it was given than that was opened for', async () => {
    const directory = hosts('given');
    const script = 'cat; echo x > /proc/self/fd/0; ls -l /proc/self/fd | grep -c closed';
    const words = ['run', '-i', '--network', 'none', rootfs, 'sh', '-c', `'${script}'`].join(' ');
    const { stdout, stderr } = await shell(`exec 9< ${directory}; ./boxstep 9 ${words} < ${directory}/closed`);
    expect(stdout).toBe('host\n1'); // its standard input alone
    expect(stderr).toMatch(/can't create \/proc\/self\/fd\/0: Permission denied/);
    expect(readFileSync(join(directory, 'closed'), 'utf8')).toBe('host\n');
  });

  test('can’t signal a process of the host’s that it sees', async () => {
    const victim = spawn('sleep', ['600']);
    try {
      const { stderr } = await nine(
        'run',
        '--network',
        'none',
        '--pid',
        'host',
        rootfs,
        'kill',
        '-9',
        String(victim.pid),
      );
      expect(stderr).toMatch(/not permitted/);
      expect(victim.exitCode ?? victim.signalCode).toBeNull();
    } finally {
      victim.kill('SIGKILL');
      await once(victim, 'exit');
    }
  });

  test('can’t change what the kernel does for all', async () => {
    const attempts = [
      'echo 1 > /proc/sys/vm/drop_caches',
      'echo h > /proc/sysrq-trigger', // prints a help, should it be let
      'dmesg -c > /dev/null',
      'mount -t ext4 /dev/vda /mnt',
    ];
    const { stdout, stderr } = await run([], attempts.map((attempt) => `(${attempt}); echo $?`).join('\n'));
    expect(stdout, stderr).toMatch(/^([1-9]\d*\n?){4}$/);
    const refused = stderr
      .split('\n')
      .filter((line) => /ermission denied|not permitted|nonexistent|No such/.test(line));
    expect(refused.length).toBeGreaterThanOrEqual(3);
  });
});

describe('a program that gives more', () => {
  /** A program that says whose rights it has, and whether it can read a file: BusyBox would give them up. */
  function tells(path: string): void {
    const source = `${path}.c`;
    writeFileSync(
      source,
      '#include <fcntl.h>\n#include <stdio.h>\n#include <unistd.h>\nint main(int n, char **args) { printf("%d %s\\n", geteuid(), open(args[1], O_RDONLY) < 0 ? "no" : "yes"); }\n',
    );
    execFileSync('cc', ['-static', '-o', path, source]);
  }

  test('of the host’s root gives a user of the container nothing', async (context) => {
    needs('cc')(context);
    const directory = hosts('setuid');
    tells(join(directory, 'tells'));
    chmodSync(join(directory, 'tells'), 0o4755);
    const script = '/host/tells /host/closed';
    expect((await run(['-u', '33', '-v', `${directory}:/host`], script)).stdout).toBe('33 no');
    const before = await run(['--userns', 'host', '-u', '33', '-v', `${directory}:/host`], script);
    expect(before.stdout).toBe('0 yes'); // in step 8 it did
  });

  test('of the container’s root makes a user of the container root there, and on the host whom nobody is', async (context) => {
    needs('cc')(context);
    const directory = hosts('own');
    tells(join(directory, 'tells'));
    const made = 'cp /host/tells /host/open/tells; chmod 4755 /host/open/tells';
    await run(['-v', `${directory}:/host`], made);
    const program = join(directory, 'open/tells');
    const { uid, mode } = statSync(program);
    expect([uid >= 100_000, mode & 0o7777]).toEqual([true, 0o4755]);
    const { stdout } = await execa(program, [join(directory, 'closed')], { uid: 1234, gid: 1234 });
    expect(stdout).toBe(`${uid} no`);
  });

  test('by capabilities that the container’s root gave it gives them in its user namespace alone', async (context) => {
    needs('setcap')(context);
    const directory = hosts('capable');
    const setcap = (file: string) =>
      `chroot /all /usr/sbin/setcap cap_dac_override,cap_chown+ep ${directory}/${file}; echo $?`;
    const script = `cp /bin/busybox /all${directory}/open/busybox; ${setcap('open/busybox')}; ${setcap('readable')}`;
    const { stdout } = await run(['-v', '/:/all'], script);
    expect(stdout).toBe('0\n1');
    const program = join(directory, 'open/busybox');
    const { stdout: said } = await execa('/usr/sbin/getcap', ['-n', program]);
    expect(said).toMatch(new RegExp(`\\[rootid=${statSync(program).uid}\\]`));
    const tried = await execa(program, ['cat', join(directory, 'closed')], { uid: 1234, gid: 1234, reject: false });
    expect([tried.exitCode, tried.stdout]).toEqual([1, '']);
  });
});

describe('what comes later', () => {
  test('exec, mount and a second terminal are the container’s root, too', async () => {
    const later = await waiting('later');
    const { stdout } = await nine(
      'exec',
      'later',
      'sh',
      '-c',
      'id -u; cut -c1-20 /proc/self/uid_map | tr -s " "; touch /made; ls -ln /made | tr -s " " | cut -d" " -f3,4',
    );
    expect(stdout).toMatch(/^0\n 0 \d{6,}.*\n0 0$/s);
    expect((await nine('exec', '-u', '33', 'later', 'id', '-u')).stdout).toBe('33');
    const directory = hosts('later');
    expect((await nine('mount', 'later', directory, '/mnt/new/place')).exitCode).toBe(0);
    const tried = await nine('exec', 'later', 'sh', '-c', 'cat /mnt/new/place/readable; cat /mnt/new/place/closed');
    await later.end();
    expect(tried.stdout).toBe('host');
    expect(tried.stderr).toMatch(/Permission denied/);
  });

  test('a layer that commit makes has the container’s ids, and the next container those of its own', async () => {
    const archive = join(folder, 'root.tar');
    await execa('tar', ['-C', rootfs, '-cf', archive, '.']);
    await nine('image', 'import', archive, 'users-base');
    await nine(
      'run',
      '--network',
      'none',
      '--keep',
      '--name',
      'made',
      'users-base',
      'sh',
      '-c',
      'touch /file; chown 33:44 /file; rm -r /var; mkdir /var',
    );
    expect((await nine('diff', 'made')).stdout).toBe('A /file\nC /var\nD /var/tmp');
    await nine('commit', 'made', 'users-made');
    await nine('rm', 'made');
    const owner = 'ls -ln /file | tr -s " " | cut -d" " -f3,4; ls /var | wc -l';
    const again = await nine('run', '--network', 'none', '--userns', 'host', 'users-made', 'sh', '-c', owner);
    const other = await nine('run', '--network', 'none', 'users-made', 'sh', '-c', owner);
    await nine('image', 'rm', 'users-made', 'users-base');
    expect([again.stdout, other.stdout]).toEqual(['33 44\n0', '33 44\n0']);
  });
});

describe('where there are no ID-mapped mounts', () => {
  test('the files are copied with their new owners', async () => {
    const { stdout } = await shell(
      `unshare -m sh -c 'mkdir -p ${folder}/ram; mount -t ramfs ram ${folder}/ram; cp -a ${rootfs} ${folder}/ram/root; ./boxstep 9 run --network none ${folder}/ram/root sh -c "ls -dn /etc /root | tr -s \\" \\" | cut -d\\" \\" -f1,3,4; touch /etc/new; echo \\$?"'`,
    );
    expect(stdout).toBe('drwxr-xr-x 0 0\ndrwx------ 0 0\n0');
  });

  test('an image has its own layers, each by itself, and their copies go with it', async () => {
    const { stdout } = await shell(
      `unshare -m sh -ec '
        mkdir -p ${folder}/ram
        mount -t ramfs ram ${folder}/ram
        nine() { ./boxstep 9 "$@" 2> /dev/null; }
        export BOXSTEP_ROOT=${folder}/ram/state
        tar -C ${rootfs} -c . | nine image import - below > /dev/null
        nine run --network none --userns host --keep --name made below sh -c "echo two > /file; chown 33:44 /file"
        nine commit made above > /dev/null
        nine rm made > /dev/null
        nine run --network none above sh -c "cat /file; stat -c %u:%g /file; ls -d /usr"
        nine run --network none below sh -c "ls -d /usr; ls /file || echo none"
        ls -d ${folder}/ram/state/cache/layers/*/owners-* | wc -l
        nine image rm above below > /dev/null
        ls ${folder}/ram/state/cache/layers | wc -l'`,
    );
    const copies = expect.stringMatching(/^[02]$/); // 0 where the kernel can map this filesystem, too
    expect(stdout.split('\n')).toEqual(['two', '33:44', '/usr', '/usr', 'none', copies, '0']);
  });
});

describe('what only the machine can tell is refused before anything is made', () => {
  test.each([
    [['--subuidname', 'nobody-has-this-name'], 'gives nobody-has-this-name no ids'],
    [['--userns', 'keep-id'], 'ordinary user'],
    [['-u', '70000'], 'has no user 70000'],
    [['-u', '0:70000'], 'has no group 70000'],
  ])('%j', async (flags, message) => {
    const { exitCode, stderr } = await run(flags, 'exit 0');
    expect([exitCode, stderr]).toEqual([125, expect.stringContaining(message)]);
  });
});
