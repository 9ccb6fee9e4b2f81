import { execFileSync } from 'node:child_process';
import fs, { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import {
  CLONE_NEWNS,
  capset,
  MS_BIND,
  MS_PRIVATE,
  MS_REC,
  mount,
  perform,
  RLIMIT_NPROC,
  setrlimit,
  unshare,
} from 'shared-native';
import { afterEach, beforeEach } from 'vitest';
import { boxstep } from '../boxstep.ts';
import { needs } from '../needs.ts';
import { delegateCgroups } from './cgroups.ts';
import { expectOtherwise, skipOtherwise } from './otherwise.ts';

// Before each file of the project `rootless`: makes an ordinary user, in a mount namespace of this process and its children.
// Nothing of the user is on the machine, but the root and cgroups, which test/roots/remove.ts removes. From then on, what a test types is typed by the user (test/boxstep.ts).

/** Somebody whom this machine doesn't know, and no other run of tests. */
const UID = 40_000 + (process.pid % 20_000);

if (process.geteuid?.() === 0) {
  const { BOXSTEP_ROOT: root = '' } = process.env;
  for (const step of ['9', '10']) await boxstep(step, 'plan', '--network', 'none', 'true'); // what these make at first use is root's to make
  makeUser(root);
  delegateCgroups(UID);
  perform(setrlimit(RLIMIT_NPROC, { rlim_cur: 2000, rlim_max: 2000 })); // should no cgroup stop what forks for ever
  makeFilesAs(UID);
  lookAs(UID);
  beforeEach(needs('uidmap', 'overlay', 'an open folder'));
  beforeEach(skipOtherwise);
  afterEach(expectOtherwise);
}

function makeUser(root: string): void {
  const home = join(root, 'home');
  mkdirSync(home);
  execFileSync('chown', ['-R', `${UID}:${UID}`, root]);
  perform(unshare(CLONE_NEWNS));
  perform(mount(null, '/', null, MS_REC | MS_PRIVATE));
  const files = {
    passwd: `root:x:0:0::/root:/bin/sh\nboxer:x:${UID}:${UID}::${home}:/bin/sh\n`,
    group: `root:x:0:\nboxer:x:${UID}:\n`,
    subuid: 'boxer:500000:65536\n',
    subgid: 'boxer:500000:65536\n',
  };
  for (const [name, text] of Object.entries(files)) {
    const file = join(home, `.etc-${name}`);
    writeFileSync(file, text);
    chmodSync(file, 0o644);
    perform(mount(file, `/etc/${name}`, null, MS_BIND));
  }
  Object.assign(process.env, { BOXSTEP_TEST_USER: String(UID), HOME: home });
}

/**
 * From now on, what the tests themselves make belongs to the user, and they may still do anything: setfsuid(2) changes this
 * thread alone, and takes capabilities away that capset brings back.
 */
function makeFilesAs(user: number): void {
  const koffi = createRequire(import.meta.resolve('shared-native'))('koffi');
  const libc = koffi.load('libc.so.6');
  const [, all] = /^CapPrm:\s*(\w+)$/m.exec(readFileSync('/proc/thread-self/status', 'utf8')) ?? [];
  libc.func('int setfsgid(int)')(user);
  libc.func('int setfsuid(int)')(user);
  const permitted = BigInt(`0x${all}`);
  perform(capset(0, { effective: permitted, permitted, inheritable: 0n }));
}

/** From now on, the tests look for a container where the user's commands put it: in the cgroups that are the user's. */
function lookAs(user: number): void {
  process.env.BOXSTEP_UID = String(user);
  const { accessSync } = fs;
  fs.accessSync = (path, mode) => {
    if (!`${path}`.startsWith('/sys/fs/cgroup/')) return accessSync(path, mode);
    // access(2) asks what the real user may do, which is root
    if (statSync(path).uid !== user) throw Object.assign(new Error(`EACCES: ${path}`), { code: 'EACCES' });
  };
  syncBuiltinESMExports();
}
