import { closeSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { F_SETFD, fcntl, perform } from 'shared-native';
import { environmentAsRead, explainer, start } from 'step-08';
import { namespacePlan, takeOpened } from './namespace.ts';
import { ownMaps } from './own-maps.ts';
import { programNamed } from './program.ts';
import { whyNot } from './refused.ts';
import { lookForShared, type Shared } from './shared.ts';

/** What the process that becomes root is told by the one that it was. */
const UID = 'BOXSTEP_UID';
const GIVEN = 'BOXSTEP_GIVEN';

const BOOT = fileURLToPath(new URL('../../../../scripts/cold-start/boot.cjs', import.meta.url));

/** As ./boxstep starts Node. */
const NODE_OPTIONS = ['--no-rehash-snapshot', '--min-semi-space-size=8'];

// #region an ordinary user becomes root
/**
 * Makes this process root in a user namespace, unless it is root already: the one that other running commands share, or a new
 * one. Node has threads, and a process with threads may not enter a user namespace. So it executes nsenter(1), which enters
 * and executes this same command again, now as user 0, with the same number, terminal and parent.
 *
 * @param explain - print what it does?
 * @throws {Error} that says what an ordinary user lacks here, and names the command that helps
 */
export async function enterAsRoot(explain = false): Promise<void> {
  letGoOfGiven();
  if (process.geteuid?.() === 0) return;
  const shared = lookForShared();
  const namespace = shared.namespace ?? (await newNamespace(explain));
  shared.join();
  enter(namespace, shared);
}
// #endregion

async function newNamespace(explain: boolean): Promise<number> {
  const container = await start(namespacePlan(ownMaps()), explain ? explainer(() => {}) : undefined, {
    guest: true,
  }).catch((error) => {
    throw whyNot(error);
  });
  const { failure } = await container.exited;
  if (failure) throw whyNot(failure);
  return takeOpened();
}

function enter(namespace: number, { lock }: Shared): void {
  const nsenter = programNamed('nsenter');
  if (nsenter === undefined)
    throw new Error('nsenter is missing, which enters a namespace: apt-get install util-linux');
  for (const fd of [namespace, lock]) perform(fcntl(fd, F_SETFD, 0));
  const [main = '', ...args] = process.argv.slice(1);
  const command = [process.execPath, ...NODE_OPTIONS, '--', BOOT, main, ...args];
  const ownMounts = ['unshare', '--mount', '--propagation', 'unchanged', '--']; // by which step 8 sees an image's layers
  const entered = [nsenter, '--preserve-credentials', `--user=/proc/self/fd/${namespace}`, '--', ...ownMounts];
  process.execve?.(nsenter, [...entered, ...command], {
    ...environmentAsRead(),
    HOME: process.env.HOME ?? homedir(),
    [UID]: String(process.geteuid?.()),
    [GIVEN]: [namespace, lock].join(),
  });
}

/** Closes what the process had open before it entered, and lets others look for the namespace that it is in now. */
function letGoOfGiven(): void {
  const given = process.env[GIVEN];
  delete process.env[GIVEN];
  for (const fd of given?.split(',') ?? []) closeSync(Number(fd));
}
