import { readFileSync, writeFileSync } from 'node:fs';
import { mknod, perform, S_IFIFO } from 'shared-native';
import { processStat, type Container as Started, start, undoAll } from 'step-10';
import type { Bundle } from './config/bundle.ts';
import { runHooks } from './hooks.ts';
import { fillMemory } from './mounts/copy-up.ts';
import { assertProc } from './mounts/proc-is-proc.ts';
import { closeUsers, type MountUsers, openUsers } from './mounts/users.ts';
import { GivenDevices } from './net-devices.ts';
import { beginInOwnMemory, type OwnChild } from './own-memory.ts';
import { fifoIn, type OciPlan, planOf, type Wanted } from './plan.ts';
import { notFound } from './process/not-found.ts';
import { passListener, passTerminal } from './process/pass.ts';
import { processesOf } from './running/signal.ts';
import { forget, type Kept, keep, stateOf, takeId } from './state/container.ts';
import { isFrozen } from './state/freezer.ts';

/** What `create` is told besides where the bundle is. */
export interface Create extends Omit<Wanted, 'directory'> {
  /** Where the states are. */
  readonly root: string;
  readonly pidFile?: string | undefined;
  readonly consoleSocket?: string | undefined;
}

/** A container that waits for `start`. */
export interface Created {
  readonly kept: Kept;
  readonly directory: string;
  readonly process: Started;
  /** The other end of its terminal, where nobody has taken that. */
  readonly master: number | undefined;
}

// #region create
/** Makes a container, up to the call by which it becomes its program. @throws {Error} for what keeps it from that; then nothing is left */
export async function create(bundle: Bundle, options: Create): Promise<Created> {
  const { config } = bundle;
  const terminal = config.process?.terminal ?? false;
  if (!terminal && options.consoleSocket)
    throw new Error('cannot use console socket if runc will not detach or allocate tty');
  const directory = takeId(options.root, options.id);
  let kept: Kept = {
    ...{ id: options.id, bundle: bundle.path, rootfs: bundle.rootfs, created: new Date().toISOString(), config },
    ...{ pid: 0, started: '', cgroups: [], undo: [] },
  };
  let users: MountUsers = new Map();
  const devices = new GivenDevices();
  try {
    perform(mknod(fifoIn(directory), S_IFIFO | 0o600));
    users = await openUsers(config);
    const planned = planOf(bundle, { ...options, directory, users });
    const undo = planned.plan.actions.toReversed().flatMap((action) => action.undo);
    const cgroups = planned.cgroups.map(({ cgroup }) => cgroup);
    assertUnused(cgroups);
    kept = { ...kept, cgroups, undo };
    keep(directory, kept);
    const { process, master } = await begun(bundle, planned, kept, directory, options, devices);
    kept = { ...kept, pid: process.pid, started: processStat(process.pid)?.started ?? '' };
    keep(directory, kept);
    if (options.pidFile) writeFileSync(options.pidFile, String(process.pid));
    return { kept, directory, process, master };
  } catch (error) {
    await devices.takeBack().catch((why) => process.stderr.write(`${why.message}\n`));
    await undoAll(kept.undo);
    forget({ directory });
    throw error;
  } finally {
    devices.close();
    closeUsers(users);
  }
}
// #endregion

/** Cgroups may be there already, but not with processes in them: they would be killed with the container. */
function assertUnused(cgroups: readonly string[]): void {
  const others = processesOf({ cgroups }).length;
  if (others > 0) throw new Error(`container's cgroup is not empty: ${others} process(es) found`);
  if (isFrozen(cgroups)) throw new Error("container's cgroup unexpectedly frozen");
}

async function begun(
  bundle: Bundle,
  planned: OciPlan,
  kept: Kept,
  directory: string,
  options: Create,
  devices: GivenDevices,
) {
  const { plan, mounted, ready, found, listener } = planned;
  const { config } = bundle;
  let child: OwnChild | undefined;
  const state = (pid: number, status: 'creating' | 'created') => stateOf({ ...kept, directory, pid }, status);
  const process = await start(plan, undefined, {
    guest: true,
    begin(calls, _, letGo) {
      child = beginInOwnMemory(calls, letGo, [
        {
          before: mounted,
          async reached(pid) {
            await devices.give(config.linux?.netDevices, pid);
            fillMemory(bundle, pid);
            await runHooks(config, 'prestart', state(pid, 'creating'));
            await runHooks(config, 'createRuntime', state(pid, 'creating'));
            await runHooks(config, 'createContainer', state(pid, 'creating'), pid);
          },
        },
        {
          before: ready,
          async reached(pid) {
            assertProc(config, readFileSync(`/proc/${pid}/mountinfo`, 'utf8'));
            const missing = notFound(config.process, found, child?.progress() ?? [], pid);
            if (missing) throw missing;
          },
        },
      ]);
      return child;
    },
  });
  const isReady = await child?.passed;
  if (!isReady) {
    const { failure, signal, readings } = await process.exited;
    throw failure ?? new Error(endedEarly(signal, Object.values(readings)));
  }
  const [first, second] = process.taken;
  const [master, listening] = planned.master ? [first, second] : [undefined, first];
  if (listener && listening !== undefined)
    passListener(listening, config.linux?.seccomp ?? { defaultAction: '' }, state(process.pid, 'creating'));
  if (master !== undefined && options.consoleSocket) passTerminal(options.consoleSocket, master);
  process.leave();
  return { process, master: options.consoleSocket ? undefined : master };
}

/** Why a process that made no mistake isn't there any more. @param killCounts - memory.oom_control (v1), memory.events (v2) */
function endedEarly(signal: string | null, killCounts: readonly string[]): string {
  return killCounts.some((text) => /^oom_kill [1-9]/m.test(text))
    ? 'container init was OOM-killed (memory limit too low?)'
    : `its first process ended before it was its program (${signal})`;
}
