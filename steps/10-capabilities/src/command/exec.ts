import type { Command } from 'commander';
import * as previous from 'step-09';
import { type ExecOptions, extend, type Plan, type Subcommand } from 'step-09';
import { allowed, capabilitiesOf } from '../allowed.ts';
import type { Confinement } from '../options.ts';
import { giveUp } from '../walls.ts';

/** `exec`, with the walls of the container around the process, too. */
export function execCommand(): Subcommand {
  const before = previous.execCommand();
  return {
    ...before,
    options: (command: Command) =>
      (before.options?.(command) ?? command).option('--privileged', 'give it all capabilities'),
    run: (flags: { readonly privileged?: boolean }, positionals) =>
      previous.execCommand((options) => execPlan(options, flags.privileged)).run(flags, positionals),
  };
}

// #region behind the same walls
/**
 * A process in a running container, which may do as much as the container's first process. A container of an earlier step has
 * no walls, so this process has none.
 *
 * @param privileged - give it all capabilities? The container's filter still applies, as with docker
 */
export function execPlan(options: ExecOptions, privileged = false): Plan {
  const kept = options.container.options as unknown as Partial<Confinement>;
  const plan = previous.execPlan(options);
  if (!hasWalls(kept)) return plan;
  const isOwnUsers = options.namespaces.includes('user');
  const its = allowed(kept, isOwnUsers);
  const capabilities = privileged ? capabilitiesOf({ ...kept, privileged }, isOwnUsers) : its.capabilities;
  return extend(plan, 'step-10', giveUp({ ...its, capabilities }));
}
// #endregion

function hasWalls(kept: Partial<Confinement>): kept is Confinement {
  return kept.kernel !== undefined && kept.security !== undefined;
}
