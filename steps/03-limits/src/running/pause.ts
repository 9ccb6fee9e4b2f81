import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cgroupPath, findHierarchies, type Hierarchy, isNone, missing, put, type Subcommand } from 'step-02';
import { standsStill } from './frozen.ts';
import { cgroupsOf, forEach, told } from './running.ts';

/** `pause` and `unpause`: no process of the container runs, and none knows of it. */
export const pauseCommands: Subcommand[] = [
  {
    name: 'pause',
    description: 'stop all processes of running containers, which they can neither catch nor ignore',
    positionals: [['<name...>', 'the containers']],
    needsRoot: true,
    run: (_, names) => freezeAll(names, true),
  },
  {
    name: 'unpause',
    description: 'continue paused containers',
    positionals: [['<name...>', 'the containers']],
    needsRoot: true,
    run: (_, names) => freezeAll(names, false),
  },
];

function freezeAll(names: readonly string[], frozen: boolean): Promise<number> {
  const hierarchies = findHierarchies();
  return forEach(names, hierarchies, async (name) => {
    await freezeContainer(name, frozen, hierarchies);
    put(`${name}\n`);
  });
}

/** Stops all processes of a container, or lets them go on. @throws {Error} if it is so already, or there is no freezer */
export async function freezeContainer(name: string, frozen: boolean, hierarchies = findHierarchies()): Promise<void> {
  await freeze(freezerOf(name, hierarchies), name, frozen);
}

// #region the freezer
/** In v2 every cgroup has a freezer; in v1 it is a hierarchy of its own. */
interface Freezer {
  readonly file: string;
  /** What is written to stop and to go on. */
  readonly words: readonly [stop: string, go: string];
  /** What is read when all of it has stopped. */
  readonly stopped: () => boolean;
  readonly asked: () => boolean;
}

function freezerIn(cgroup: string, { version }: Hierarchy): Freezer {
  const file = join(cgroup, version === 2 ? 'cgroup.freeze' : 'freezer.state');
  if (version === 2) {
    return { file, words: ['1', '0'], asked: () => told(file) === '1', stopped: () => standsStill(cgroup) };
  }
  // While it is FREEZING, some process is still on its way.
  return {
    file,
    words: ['FROZEN', 'THAWED'],
    asked: () => told(file) !== 'THAWED',
    stopped: () => told(file) === 'FROZEN',
  };
}

/** Stops a container's processes, or lets them go on, and waits until it is so. */
async function freeze(freezer: Freezer, name: string, frozen: boolean): Promise<void> {
  if (freezer.asked() === frozen) throw new Error(`Container ${name} is ${frozen ? 'already' : 'not'} paused`);
  writeFileSync(freezer.file, freezer.words[frozen ? 0 : 1], { flag: 'r+' });
  const deadline = Date.now() + 10_000;
  while (freezer.stopped() !== frozen) {
    if (Date.now() > deadline) {
      writeFileSync(freezer.file, freezer.words[1], { flag: 'r+' });
      throw new Error(
        `${name} did not stop within 10 s: a process waits in the kernel for something that does not come`,
      );
    }
    await sleep(1);
  }
}
// #endregion

function freezerOf(name: string, hierarchies: readonly Hierarchy[]): Freezer {
  for (const hierarchy of cgroupsOf(name, hierarchies)) {
    const cgroup = cgroupPath(hierarchy, name);
    const freezer = freezerIn(cgroup, hierarchy);
    if (told(freezer.file) !== undefined) return freezer;
  }
  if (hierarchies.some(isNone)) throw new Error(`pause needs ${missing('freezer', hierarchies)}`);
  throw new Error(`pause needs the "freezer" controller, and the cgroups of ${name} have none`);
}
