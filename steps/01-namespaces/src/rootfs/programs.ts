import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Without these, nothing can be shown in a container. */
export const required = ['sh', 'ls', 'cat', 'echo'];

// coreutils is there only on systems that have all of its commands in one program.
const wanted = `
  sh ls cat echo coreutils
  [ basename chmod chown cp cut date dd df dirname du env expr false head id ln md5sum mkdir mknod mktemp mv nice nohup nproc
  od printenv pwd readlink realpath rm rmdir seq sha256sum sleep sort stat stty sync tail tee test timeout touch tr true
  tty uname uniq wc whoami yes
  awk diff egrep find grep gzip hostname sed tar which xargs
  free kill pgrep pkill ps top
  chroot ipcmk ipcrm ipcs lsns mount mountpoint nsenter setsid umount unshare
  capsh getpcaps ip ping
`
  .trim()
  .split(/\s+/);

/** Where programs are looked for: the system's own first, as those of a conda or a pnpm need what we wouldn't copy. */
export function systemPath(): string[] {
  const own = (process.env.PATH ?? '').split(':').filter((directory) => directory.startsWith('/'));
  return [...new Set(['/usr/bin', '/bin', '/usr/sbin', '/sbin', ...own])];
}

/** The files of all wanted commands that this machine has, by name. */
export function findAll(path: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of wanted) {
    const file = find(name, path);
    if (file !== undefined) found.set(name, file);
  }
  return found;
}

/** The file that a command's name leads to, through links such as those in /etc/alternatives. */
export function find(name: string, path: readonly string[]): string | undefined {
  const file = path.map((directory) => join(directory, name)).find((candidate) => isProgram(candidate));
  return file && realpathSync(file);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.X_OK);
    return statSync(file).isFile() && ['', 'sh', 'coreutils'].includes(interpreter(file));
  } catch {
    return false;
  }
}

/** What runs a script: `sh` for `#!/bin/sh`. Empty for other programs. */
function interpreter(file: string): string {
  const start = Buffer.alloc(128);
  const fd = openSync(file, 'r');
  readSync(fd, start);
  closeSync(fd);
  return basename(/^#!\s*(\S+)/.exec(start.toString('latin1'))?.[1] ?? '');
}
