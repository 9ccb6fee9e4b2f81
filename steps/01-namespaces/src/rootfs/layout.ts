import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { makedev, mknod, perform, S_IFCHR, tolerate } from 'shared-native';

const directories = {
  'usr/bin': 0o755,
  'usr/lib': 0o755,
  'usr/lib64': 0o755,
  dev: 0o755,
  etc: 0o755,
  home: 0o755,
  mnt: 0o755,
  proc: 0o555,
  root: 0o700,
  run: 0o755,
  sys: 0o555,
  tmp: 0o1777,
  'var/tmp': 0o1777,
};

// Relative, so that they lead to the same place from outside.
const links = { bin: 'usr/bin', sbin: 'usr/sbin', lib: 'usr/lib', lib64: 'usr/lib64', 'usr/sbin': 'bin' };

const files = {
  passwd: `root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/:/bin/false
nobody:x:65534:65534:nobody:/:/bin/false
`,
  group: 'root:x:0:\ndaemon:x:1:\ntty:x:5:\nnogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost\n::1 localhost ip6-localhost\n',
  hostname: 'boxstep\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  'os-release': `ID=boxstep\nNAME=Boxstep\nPRETTY_NAME="Boxstep's default root filesystem"\n`,
  profile: `PS1='$PWD # '\n`,
};

const terminals = ['xterm', 'xterm-256color', 'screen', 'screen-256color', 'tmux-256color', 'linux', 'vt100'];
const terminfo = ['/etc/terminfo', '/lib/terminfo', '/usr/share/terminfo'];

// What even a shell needs: "sleep 5 &" opens /dev/null. Step 2 gives each container a /dev of its own.
const devices = { null: 3, zero: 5, full: 7, random: 8, urandom: 9 };

/** Makes all of a root filesystem but its programs. */
export function layOut(root: string): void {
  for (const [path, mode] of Object.entries(directories)) makeDirectory(join(root, path), mode);
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
  for (const [name, text] of Object.entries(files)) makeFile(join(root, 'etc', name), text);
  makeFile(join(root, 'etc/resolv.conf'), nameServers());
  if (process.geteuid?.() === 0)
    for (const [name, minor] of Object.entries(devices)) makeDevice(join(root, 'dev', name), minor);
  for (const terminal of terminals) {
    const entries = terminfo.map((directory) => join(directory, terminal.charAt(0), terminal));
    for (const entry of entries.filter((path) => existsSync(path))) copyIn(entry, root);
  }
}

/** Copies a file of the host to a path inside, the same one unless given; without setuid, setgid and sticky bits. */
export function copyIn(source: string, root: string, path: string = source): void {
  const target = join(root, path);
  makeDirectory(dirname(target));
  copyFileSync(source, target, constants.COPYFILE_FICLONE);
  chmodSync(target, statSync(source).mode & 0o777);
}

// By chmod, because the umask takes bits away from what mkdir and open are given.
function makeDirectory(path: string, mode = 0o755): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path);
  chmodSync(path, mode);
}

function makeFile(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o644);
}

/** The host's, or the one behind it: systemd's stub on 127.0.0.53 can't be reached from a network namespace. */
function nameServers(): string {
  const own = read('/etc/resolv.conf');
  const text = own?.includes('127.0.0.53') ? (read('/run/systemd/resolve/resolv.conf') ?? own) : own;
  return text ?? 'nameserver 1.1.1.1\nnameserver 8.8.8.8\n';
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** A device of the kernel's memory driver (major number 1). Root of a user namespace may make none: it's left out. */
function makeDevice(path: string, minor: number): void {
  const isMade = perform(tolerate(mknod(path, S_IFCHR | 0o666, makedev(1, minor)), 'EPERM')) === 0;
  if (isMade) chmodSync(path, 0o666); // whatever the umask
}
