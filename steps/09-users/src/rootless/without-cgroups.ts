import { extend, isNone, isNowhere, missing, type Plan } from 'step-08';
import type { Options } from '../options.ts';

/**
 * A container of an ordinary user who was given no cgroup is in none of its own, and has no limit.
 *
 * @throws {Error} if one was asked for: a limit that does nothing would be worse than none
 */
export function withoutCgroups(
  plan: Plan,
  { hierarchies, pidsLimit }: Pick<Options, 'hierarchies' | 'pidsLimit'>,
): Plan {
  if (!hierarchies.some(isNone)) return plan;
  if (pidsLimit !== Infinity) throw new Error(`--pids-limit needs ${missing('pids', hierarchies)}`);
  return extend(plan, 'step-09', { without: { actions: isNowhere } });
}
