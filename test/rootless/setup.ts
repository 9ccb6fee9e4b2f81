import fs, { readFileSync, statSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { capset, perform, RLIMIT_NPROC, setrlimit } from 'shared-native';
import { afterEach, beforeEach } from 'vitest';
import { boxstep } from '../boxstep.ts';
import { needs } from '../needs.ts';
import { delegateCgroups } from './cgroups.ts';
import { expectOtherwise, skipOtherwise } from './otherwise.ts';
import { makeUser } from './user.ts';

// Before each file of the project `rootless`: makes an ordinary user, in a mount namespace of this process and its children.
// Nothing of the user is on the machine, but the root and cgroups, which test/roots/remove.ts removes. From then on, what a test types is typed by the user (test/boxstep.ts).

/** Somebody whom this machine doesn't know, and no other run of tests. */
const UID = 40_000 + (process.pid % 20_000);

if (process.geteuid?.() === 0) {
  const { BOXSTEP_ROOT: root = '' } = process.env;
  for (const step of ['9', '10']) await boxstep(step, 'plan', '--network', 'none', 'true'); // what these make at first use is root's to make
  Object.assign(process.env, { BOXSTEP_TEST_USER: String(UID), HOME: makeUser(UID, root) });
  delegateCgroups(UID);
  perform(setrlimit(RLIMIT_NPROC, { rlim_cur: 2000, rlim_max: 2000 })); // should no cgroup stop what forks for ever
  makeFilesAs(UID);
  lookAs(UID);
  beforeEach(needs('uidmap', 'overlay', 'an open folder'));
  beforeEach(skipOtherwise);
  afterEach(expectOtherwise);
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
