import {
  type Action,
  type Deed,
  extend,
  findHierarchies,
  findInit,
  type Options,
  type Part,
  type Plan,
  plan,
  thisKernel,
  thisMachine,
  type Wanted,
  withInit,
} from 'step-10';
import { inParent } from './cgroups/in-parent.ts';
import { hierarchiesOf } from './cgroups/parent.ts';
import type { BoxRecord } from './containers/record.ts';
import { v1Actions } from './v1-limits.ts';

// #region step 10's container, again and again
/**
 * Step 10's container, but for what belongs to one that is started again: its directory is there already, and what nobody
 * named of its volumes stays until it is removed.
 */
export function planOf(
  { init, v1Limits = {}, cgroupParent }: Pick<BoxRecord, 'init' | 'v1Limits' | 'cgroupParent'>,
  given: Options,
): Plan {
  const options = { ...given, hierarchies: hierarchiesOf({ cgroupParent }, given.hierarchies) };
  const its = extend(plan(options), 'boxstep', {
    without: { actions: makesDirectory },
    actions: v1Actions(v1Limits, options),
  });
  const whole = init ? withInit(its, findInit()) : its;
  const parts = whole.parts.map((part) => ({ ...part, actions: part.actions.map(keepingVolumes) }));
  return withParts(whole, cgroupParent ? inParent(parts, whole.name, options.hierarchies) : parts);
}
// #endregion

/** The same plan with other parts, and their actions: whatever extends it takes its actions from there. */
export function withParts(plan: Plan, parts: readonly Part[]): Plan {
  return { ...plan, parts, actions: parts.flatMap(({ actions }) => actions) };
}

/** What a container was told, with what may be otherwise by now: this machine, and its own standard streams. */
export function refreshed(record: BoxRecord): Options {
  const { options } = record;
  const hierarchies = findHierarchies();
  return {
    ...withoutPrompt(options),
    again: true,
    volumesFrom: [], // what these had was asked when it was made
    hierarchies,
    machine: thisMachine(hierarchies),
    kernel: thisKernel(),
    pipes: options.tty ? [] : options.interactive ? [0, 1, 2] : [1, 2],
    networks: options.networks.map((one) => withOwnNames(record, one)),
  };
}

/** docker sets no PS1, and the steps' would be the whole id. A bare name leaves a variable out unless a later entry sets it. */
export function withoutPrompt<O extends Pick<Options, 'env'>>(options: O): O {
  return { ...options, env: ['PS1', ...options.env] };
}

/** A network on which a container is found by its name and the beginning of its id, too. */
export function withOwnNames({ id, name }: Pick<BoxRecord, 'id' | 'name'>, wanted: Wanted): Wanted {
  return { ...wanted, aliases: [...new Set([name, id.slice(0, 12), ...wanted.aliases])] };
}

function makesDirectory(action: Action): boolean {
  return action.do.some((deed) => deed.deed === 'other' && deed.kind === 'make-container');
}

function keepingVolumes(action: Action): Action {
  return { ...action, undo: action.undo.map(keepingVolume) };
}

function keepingVolume(deed: Deed): Deed {
  if (deed.deed !== 'other' || deed.kind !== 'leave-volume') return deed;
  return { ...deed, of: { ...(deed.of as object), anonymous: false } };
}
