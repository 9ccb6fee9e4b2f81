import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { BOXSTEP, boxstep, inRoot, REPOSITORY } from '../../../test/boxstep.ts';
import { KEPT } from '../../../test/said.ts';

/** Somebody whom this machine doesn't know, and no other run of tests. */
export const UID = 40_000 + (process.pid % 20_000);
/** The first id of theirs by /etc/subuid. */
export const SUBORDINATE = 500_000;

// Makes the user, in a mount namespace of this process alone: nothing of it is on the machine. A tun device that anybody
// may open is there as well; the machine's own may be root's.
const AS_USER = `
  for file in passwd group subuid subgid; do mount --bind "$1/$file" /etc/$file; done
  if [ -e /dev/net/tun ]; then
    mount -t tmpfs tmpfs "$1/dev" && mknod -m 666 "$1/dev/tun" c 10 200 && mount --bind "$1/dev/tun" /dev/net/tun
  fi
  shift; if [ "$1" = delegated ]; then
    process=$(setpriv --reuid ${UID} sh -c 'sleep 60 >/dev/null & echo $!') # the user's, from its birth
    sh ${REPOSITORY}/scripts/delegate-cgroups.sh --to $process >/dev/null; kill $process
    for shell in $(find /sys/fs/cgroup -maxdepth 3 -path '*boxstep-user-${UID}/shell'); do echo $$ >$shell/cgroup.procs; done
  fi; shift; exec setpriv --reuid ${UID} --regid ${UID} --clear-groups "$@"`;

/** An ordinary user of this machine, for a file of tests. */
export interface User {
  readonly home: string;
  /** The root filesystem that step 1 makes for this user. */
  readonly rootfs: string;
  /** Runs step 9's command as the user types it. It never rejects. */
  nine(...args: string[]): ReturnType<typeof boxstep>;
  /** The same with `./boxstep` itself: without a step's number it is the capstone's. */
  boxstep(...args: string[]): ReturnType<typeof boxstep>;
  /** The same with a umask. */
  withUmask(umask: string, ...args: string[]): ReturnType<typeof boxstep>;
}

/** Makes a user. @param isMany - has the user more ids than one? @param delegated - and cgroups? Then `removeCgroups` afterwards. */
export function ordinaryUser(isMany = true, delegated = false): User {
  const home = inRoot(isMany ? 'home' : 'home-of-one');
  const etc = `${home}-etc`;
  for (const directory of [etc, join(etc, 'dev'), home]) mkdirSync(directory, { recursive: true });
  chownSync(home, UID, UID);
  const range = isMany ? `boxer:${SUBORDINATE}:65536\n` : '';
  const files = {
    passwd: `root:x:0:0::/root:/bin/sh\nboxer:x:${UID}:${UID}::${home}:/bin/sh\n`,
    group: `root:x:0:\nboxer:x:${UID}:\n`,
    subuid: range,
    subgid: range,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(etc, name), text);
  chmodSync(etc, 0o755);
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, XDG_RUNTIME_DIR: join(home, 'run') };
  const types = (...args: string[]) =>
    execa('unshare', ['--mount', 'sh', '-ec', AS_USER, 'sh', etc, delegated ? 'delegated' : '', ...args], {
      ...{ reject: false, all: true, stdin: 'ignore', extendEnv: false, env, ...KEPT },
      cwd: home,
    }) as never;
  return {
    home,
    rootfs: join(home, '.cache/boxstep/rootfs-1'),
    nine: (...args) => types(BOXSTEP, '9', ...args),
    boxstep: (...args) => types(BOXSTEP, ...args),
    withUmask: (umask, ...args) => types('sh', '-c', `umask ${umask}; exec "$@"`, 'sh', BOXSTEP, ...args),
  };
}

/** The same command as root runs it, so that what this makes on first use is there. */
export function warmUp() {
  return boxstep('9', 'plan', '--network', 'none', 'true');
}

/** Removes the cgroups that were given to the user. */
export function removeCgroups() {
  return execa('find', [
    '/sys/fs/cgroup',
    '-depth',
    '-type',
    'd',
    '-path',
    `*boxstep-user-${UID}*`,
    '-exec',
    'rmdir',
    '{}',
    ';',
  ]);
}
