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

const LAYER = 'from step 8 on, what a container writes is in a layer of its own, and not in the directory';
const IN_PROCESS = 'it starts a container in the process of the tests, which is root’s';

const OTHERWISE: Readonly<Record<string, readonly Otherwise[]>> = {
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
    { test: 'the plan needs no root', why: 'it becomes another user itself, which takes root', says: 'to be +0' },
  ],
  '06-ipc/test/exec.e2e.test.ts': [
    { test: 'exec refuses a container that is not yet its command', why: IN_PROCESS },
    { test: 'exec prints what it would do', why: 'step 9 has no container that is only chroot’ed', says: 'chroot' },
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
  const isExpected = errors.some(({ message, diff = '' }) => `${message}\n${diff}`.includes(one.says as string));
  Object.assign(task, { fails: isExpected }); // read only, but only when tests are collected
}
