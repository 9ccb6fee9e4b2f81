import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Is it skipped because it shows nothing here? */
    isShownElsewhere?: boolean;
  }
}

/** A test of an earlier step that shows something else when an ordinary user types its commands. */
interface Otherwise {
  /** How its full name begins, without the file's. */
  readonly test: string;
  readonly why: string;
  /** A part of the message it fails with. Without it, the test isn't tried: it would wait forever, or itself does what takes root. */
  readonly says?: string;
}

const COMMAND = 'the command that the user types is step 9’s';
const CHROOT = 'step 9 has no container that is only chroot’ed';
const INIT = 'from step 5 on, files are mounted in the root, and what an init found there isn’t looked up';
const ROOTS_OWN = 'it becomes another user itself, which takes root';
const PNPM = 'pnpm starts the step itself, which takes root';
const ALONE = 'the container of an ordinary user has a network by pasta, and shares it with no other';
const BRIDGE =
  'containers of an ordinary user have a network each, by pasta, and none that they share: a bridge takes root. Type: sudo ./boxstep 9 n';
const NO_CGROUP = 'where no cgroup is the user’s, a container has no limit';
const LAYER = 'from step 8 on, what a container writes is in a layer of its own, and not in the directory';
const IN_PROCESS = 'it starts a container in the process of the tests, which is root’s';

const OTHERWISE: Readonly<Record<string, readonly Otherwise[]>> = {
  '01-namespaces/test/command.e2e.test.ts': [
    { test: '--init that can’t run the command ended', why: INIT, says: 'failed to exec pid1' },
    { test: '--init that can’t run the command', why: INIT, says: '[FATAL tini (2)] exec ' },
    { test: 'the exit status is 125 for what is wrong in ["run","--no', why: COMMAND, says: './boxstep 9 run --help' },
    { test: 'the exit status is 125 for what is wrong in ["run","-p', why: COMMAND, says: 'invalid port' },
    { test: 'the exit status is 125 for what is wrong in ["plan","--m', why: COMMAND, says: 'exitCode": 0' },
    { test: 'the exit status of pnpm', why: PNPM, says: 'expected 125 to be 7' },
    { test: 'without root', why: ROOTS_OWN, says: 'exitCode": 127' },
    {
      test: '--explain prints each call',
      why: 'how the user becomes root comes first',
      says: 'newgidmap $pid 0 ',
    },
    { test: '--explain of a container that fails half way', why: LAYER, says: 'rmdir: failed to remove' },
    { test: 'the demo shows', why: COMMAND, says: 'Root inside, and to the host a user' },
  ],
  '01-namespaces/test/limits.e2e.test.ts': [
    { test: 'a cgroup filesystem that is read-only', why: NO_CGROUP, says: 'expected +0 to be 125' },
    { test: 'a machine without cgroups', why: NO_CGROUP, says: 'expected +0 to be 125' },
  ],
  '01-namespaces/test/roots.e2e.test.ts': [
    { test: 'are in the lines that are shown', why: ROOTS_OWN, says: 'setpriv: setresuid failed' },
  ],
  '01-namespaces/test/start.e2e.test.ts': [{ test: 'a process that is still on its way', why: IN_PROCESS }],
  '01-namespaces/test/tiocsti.e2e.test.ts': [
    {
      test: 'root in step 1’s container that pushes characters into its caller’s terminal is refused even there',
      why: CHROOT,
      says: "unrecognized option '--bounding-set",
    },
    { test: 'root in step 1’s container', why: CHROOT, says: "nsenter: can't execute 'perl'" },
  ],
  '02-rootfs/test/root.e2e.test.ts': [
    {
      test: 'what the container sees of mounts',
      why: 'root of a user namespace makes no device: the host’s are mounted',
      says: '/dev/urandom',
    },
    { test: 'what the container sees of devices', why: 'step 6 adds /dev/mqueue', says: 'fd full mqueue null' },
    { test: 'the way out of a chroot by entering', why: CHROOT, says: "expected '' to be" },
    { test: 'a root filesystem that lacks mount points', why: LAYER, says: "expected '' to be 'boxstep: making" },
    { test: 'a root filesystem whose /etc is a symbolic link', why: LAYER, says: 'ENOENT' },
    {
      test: 'a root filesystem may be a relative path',
      why: 'from step 8 on, a name without a slash is first an image’s, which has no space',
      says: "expected '' to be 'one'",
    },
    { test: 'a root filesystem of pnpm', why: PNPM, says: "to contain 'here'" },
    { test: 'a root filesystem may be on a tmpfs', why: LAYER, says: 'on\\n0' },
  ],
  '02-rootfs/test/tiocsti.e2e.test.ts': [
    {
      test: 'root in step 2’s container that pushes characters into its caller’s terminal finds it',
      why: 'root of a user namespace makes no device',
      says: 'mknod: /dev/theirs: Operation not permitted',
    },
  ],
  '03-limits/test/bites.e2e.test.ts': [
    {
      test: 'what limits a disk --device-write-bps 1mb throttles dd if=/dev/zero of=/tmp/written bs=65536 count=32 conv=fsync',
      why: 'from step 8 on, what is written to a container’s layer need not survive a crash, and fsync(2) does nothing',
      says: 'to be greater than 1500',
    },
    {
      test: '--ulimit nproc',
      why: 'it becomes a user above 65535, whom the container doesn’t have',
      says: 'expected null to deeply equal',
    },
    {
      test: 'what can’t be had is refused, and nothing has been done: a limit whose',
      why: 'the user may use no cgroup then',
      says: 'an ordinary user has none here. Type: sudo sh scripts/delegate-cgroups.sh --to $$',
    },
  ],
  '03-limits/test/running.e2e.test.ts': [
    {
      test: 'inside root finds no cgroup above',
      why: 'what step 3 adds is there from the start',
      says: "expected '' to match",
    },
  ],
  '04-environment/test/environment.e2e.test.ts': [
    {
      test: 'standard input and output that are files stay',
      why: 'a file that the user’s shell makes is the user’s',
      says: 'uid: +0',
    },
    {
      test: 'the user has the groups of --group-add',
      why: 'it takes root to begin with other groups',
      says: '1000 10 29 77',
    },
    { test: 'the working directory is made if it is missing', why: LAYER, says: 'srv/new/app' },
    { test: 'the working directory that is a link leads', why: LAYER, says: "expected '/link/sub' to be" },
    { test: 'the working directory that is a link to nothing', why: LAYER, says: "expected '/dangling' to be" },
    { test: 'the working directory never lies outside', why: LAYER, says: 'to be 125' },
    { test: 'the plan needs no root', why: ROOTS_OWN, says: 'to be +0' },
  ],
  '05-network/test/by-hand.e2e.test.ts': [{ test: 'the commands of a plan', why: 'root types them' }],
  '05-network/test/flows.e2e.test.ts': [
    { test: 'a UDP flow', why: ALONE, says: BRIDGE },
    { test: 'a client that connects', why: ALONE },
  ],
  '05-network/test/killed.e2e.test.ts': [
    { test: 'of runs that are killed', why: ALONE },
    { test: 'the next container', why: ALONE, says: BRIDGE },
  ],
  '05-network/test/security.e2e.test.ts': [
    { test: "a container can't tell its neighbours", why: ALONE, says: BRIDGE },
    { test: 'a container', why: ALONE },
  ],
  '05-network/test/network.e2e.test.ts': [
    { test: 'a container has an address', why: ALONE, says: 'not 172.17.0.1' },
    { test: 'of many starts at once', why: ALONE },
    {
      test: '"none" has lo alone',
      why: 'ping takes rights in the network, and /sys shows that of the machine: both are not the user’s',
      says: 'not 10.99.0.2',
    },
    { test: 'on a network that somebody made', why: ALONE, says: BRIDGE },
    { test: 'what can’t be had is refused before anything is done', why: ALONE, says: BRIDGE },
  ],
  '06-ipc/test/exec.e2e.test.ts': [
    { test: 'exec refuses a container that is not yet its command', why: IN_PROCESS },
    { test: 'exec prints what it would do', why: CHROOT, says: 'chroot' },
  ],
  '07-binds/test/mounts.e2e.test.ts': [
    {
      test: 'a bind mount with r',
      why: 'the mounts of a user namespace get what is mounted outside, and never give any (mount_namespaces(7))',
    },
  ],
  '07-binds/test/volumes.e2e.test.ts': [
    {
      test: 'a new volume takes over what the image has',
      why: 'the owners of the files that it makes are nobody in the user’s namespace, and one is a device',
    },
    { test: 'of many runs with volumes', why: 'what is killed at random shows nothing of users' },
  ],
  '08-layers/test/run.e2e.test.ts': [{ test: 'a container that is kept is paused', why: IN_PROCESS }],
  '10-capabilities/test/walls.e2e.test.ts': [
    {
      test: 'a container has those that flags add',
      why: 'all capabilities are those of the user namespace, and not those that the tests have',
      says: '000001ffffffffff',
    },
    {
      test: 'in the host’s user namespace, which is docker’s default, the sets',
      why: 'nobody has mapped all groups that might ping',
      says: '2147483647',
    },
    {
      test: 'in the host’s user namespace, which is docker’s default, a privileged',
      why: '“the host’s” is the namespace in which the user is root',
      says: '4294967295',
    },
  ],
};

function found({ task }: TestContext): Otherwise | undefined {
  const file = Object.keys(OTHERWISE).find((name) => task.file.filepath.endsWith(name));
  return OTHERWISE[file ?? '']?.find(({ test }) => task.fullTestName.replaceAll(' > ', ' ').startsWith(test));
}

/** For `beforeEach`: skips a test that isn't to be tried, with the reason. */
export function skipOtherwise(context: TestContext): void {
  const one = found(context);
  if (!one || one.says !== undefined) return;
  context.task.meta.isShownElsewhere = true;
  context.skip(one.why);
}

/** For `afterEach`: a test that fails as it should has passed. @throws {Error} if it didn't fail: then it is no exception any more */
export function expectOtherwise(context: TestContext): void {
  const one = found(context);
  if (one?.says === undefined) return;
  const { task } = context;
  const errors = task.result?.errors ?? [];
  if (errors.length === 0)
    throw new Error(`it works as a user, too: remove it from test/rootless/otherwise.ts (${one.why})`);
  const isExpected = errors.some(({ message, diff, actual }) =>
    [message, diff, actual].join('\n').includes(one.says as string),
  );
  Object.assign(task, { fails: isExpected }); // read only, but only when tests are collected
}
