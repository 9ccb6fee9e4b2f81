import { join } from 'node:path';
import {
  type Action,
  carryOut,
  cgroupPath,
  DeedError,
  findHierarchies,
  type Hierarchy,
  hierarchyOf,
  makeCgroup,
  put,
  type Subcommand,
} from 'step-02';
import { check } from '../flags/check.ts';
import { type LimitFlags, limitOptions, limitsOf } from '../flags/limit-flags.ts';
import { type Machine, thisMachine } from '../flags/machine.ts';
import { FLAGS, type Limits } from '../limits.ts';
import { withSwap } from '../options.ts';
import { type Place, places } from '../places.ts';
import { bytesSize } from '../sizes.ts';
import { cgroupsOf, forEach, moveAll, told } from './running.ts';

/** `update`: changes the limits of running containers. */
export const updateCommand: Subcommand = {
  name: 'update',
  description: 'change the limits of running containers',
  positionals: [['<name...>', 'the containers']],
  needsRoot: true,
  options: limitOptions,
  run(flags: LimitFlags, names) {
    if (Object.keys(flags).length === 0) throw new Error('you must provide one or more flags: a limit to change');
    const hierarchies = findHierarchies();
    const machine = thisMachine(hierarchies);
    return forEach(names, hierarchies, async (name) => {
      await updateLimits(name, limitsOf(flags), hierarchies, machine);
      put(`${name}\n`);
    });
  },
};

/** Changes a running container's limits. @throws {Error} in docker's words, if the new ones are impossible */
export async function updateLimits(
  name: string,
  changed: Limits,
  hierarchies: readonly Hierarchy[],
  machine: Machine,
): Promise<void> {
  places(changed, hierarchies, machine); // is there where to write it?
  const before = memoryOf(name, hierarchies, machine);
  const limits = changedLimits(name, changed, before, machine);
  for (const place of inSafeOrder(places(limits, hierarchies, machine), limits, before)) {
    const isThere = cgroupsOf(name, hierarchies).includes(place.hierarchy);
    const { do: deeds }: Action = makeCgroup(place.hierarchy, name, '', [place.controller], place.files);
    for (const deed of deeds) await carryOut(deed).catch((error) => explain(error, name, place));
    if (!isThere) moveAll(name, hierarchyOf('pids', hierarchies), place.hierarchy);
  }
}

/** The limits to change, given the ones that a container has already. @throws {Error} if the new ones are impossible */
export function changedLimits(name: string, changed: Limits, before: Limits, machine: Machine): Limits {
  refuseAboveSwap(name, changed, before, machine);
  const limits = withMemory(changed, before, machine);
  check({ ...before, ...limits }, machine);
  return limits;
}

// #region no more memory than memory and swap
/**
 * Docker's rule: memory alone can't be raised above what memory and swap together may be, and a container that never had
 * a limit counts as one of 0. To docker, -1 is less than any memory, too, which is taken for a bug there (moby#39541):
 * here it is as much as there is.
 *
 * @throws {Error} with docker's words
 */
export function refuseAboveSwap(name: string, changed: Limits, { memorySwap = 0 }: Limits, { swap }: Machine): void {
  const { memory = 0 } = changed;
  if (!swap || changed.memorySwap !== undefined || memorySwap === -1 || memory <= memorySwap) return;
  throw new Error(
    `Cannot update container ${name}: Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time. It is ${memorySwap === 0 ? 'not set' : bytesSize(memorySwap)}: add --memory-swap ${bytesSize(2 * memory)}, say, or -1`,
  );
}
// #endregion

function explain(error: unknown, name: string, { limit }: Place): never {
  if (!(error instanceof DeedError) || error.code !== 'EBUSY' || !limit.startsWith('memory')) throw error;
  throw new Error(
    `${name} uses more memory than ${FLAGS[limit]} would leave it, and the kernel can't take enough back`,
  );
}

/** Memory and swap are limited together, so a change of one needs to know the other. */
function withMemory(changed: Limits, before: Limits, machine: Machine): Limits {
  if (changed.memory === undefined && changed.memorySwap === undefined) return changed;
  return withSwap({ ...before, ...changed }, machine);
}

// #region raise the roof first
/**
 * v1 refuses a limit on memory above that on memory and swap together, so what comes first depends on the direction.
 */
export function inSafeOrder(all: readonly Place[], { memory = 0 }: Limits, before: Limits): Place[] {
  const roof = before.memorySwap === undefined || before.memorySwap === -1 ? Infinity : before.memorySwap;
  if (memory <= roof) return [...all];
  const isSwap = ({ limit }: Place) => limit === 'memorySwap';
  return [...all.filter(isSwap), ...all.filter((place) => !isSwap(place))];
}
// #endregion

/** How much memory, and memory and swap together, a container may use now. */
function memoryOf(name: string, hierarchies: readonly Hierarchy[], { swap }: Machine): Limits {
  const hierarchy = hierarchies.find(({ controllers }) => controllers.includes('memory'));
  if (!hierarchy) return {};
  const number = (file: string) => {
    const text = told(join(cgroupPath(hierarchy, name), file));
    return text === undefined || text === 'max' || Number(text) > 2 ** 62 ? undefined : Number(text);
  };
  const isV1 = hierarchy.version === 1;
  const memory = number(isV1 ? 'memory.limit_in_bytes' : 'memory.max');
  if (memory === undefined) return {};
  if (!swap) return { memory };
  const more = number(isV1 ? 'memory.memsw.limit_in_bytes' : 'memory.swap.max');
  return { memory, memorySwap: more === undefined ? -1 : isV1 ? more : memory + more };
}
