import { readFileSync } from 'node:fs';
import { type Call, CLONE_NEWUSER, setns } from 'shared-native';
import {
  differing,
  type ExecOptions,
  execPlan as execBefore,
  extend,
  namespacesOf,
  type Plan,
  type Running,
  ulimitCalls,
} from 'step-08';
import { toRaise } from './hard-limits.ts';
import { ownPipes } from './owners.ts';
import { userNamespace } from './user-namespace.ts';
import { becomeRoot } from './writing.ts';

// #region into its users
/**
 * A process in a container that runs, by way of its user namespace. Who enters that has all capabilities in it, and still the
 * ids of the host's root, which there are nobody's: so it becomes root there before it does anything else. What is root's on
 * the host, it can't open any more from then on.
 */
export function execPlan(options: ExecOptions): Plan {
  const { pid } = options.container;
  const { uids, setgroups } = userNamespace((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
  const before = withGroups(execBefore(options), setgroups);
  if (!options.namespaces.includes('user')) return before;
  const [score, spared] = before.program.inside; // step 6: its oom_score_adj, and the -1000 of the way in
  const asAsked = before.program.privileges.find(({ name, args: { fd } }) => {
    return name === 'write' && fd?.kind === 'result' && fd.of === score;
  });
  const scored = score && asAsked ? [score, asAsked] : [];
  return extend(before, 'step-09', {
    without: { calls: (call) => call === spared || scored.includes(call) },
    first: {
      join: [
        ...ownPipes({ ...options, rootfs: `/proc/${pid}/root` }, { uids }),
        ...ulimitCalls(toRaise(options.ulimits)),
      ],
    },
    // Only the host's root may choose a low score, and the process to come is born with it.
    instead: (call) => (entersUsers(call) ? [...scored, call, ...becomeRoot()] : undefined),
  });
}
// #endregion

/** Where one id is all that there is, nobody chooses groups. */
export function withGroups(plan: Plan, setgroups: boolean): Plan {
  return setgroups ? plan : extend(plan, 'step-09', { without: { calls: ({ name }) => name === 'setgroups' } });
}

/**
 * The calls by which a process goes into the mount namespace of a container, by way of its user namespace: a place to mount
 * on belongs to the container's root.
 */
export function byItsUsers(calls: Call[], { pid }: Pick<Running, 'pid'>): Call[] {
  if (differing(namespacesOf(pid), namespacesOf('self'))[0] !== 'user') return calls;
  return calls.flatMap((call) => {
    const { fd, nstype } = call.args;
    if (call.name !== 'setns' || fd?.kind !== 'result' || nstype?.kind !== 'integer') return [call];
    return [setns(fd.of, Number(nstype.value) | CLONE_NEWUSER), ...becomeRoot()];
  });
}

/** Is this the call by which a process enters another user namespace? */
function entersUsers({ name, args: { nstype } }: Call): boolean {
  return name === 'setns' && nstype?.kind === 'integer' && (Number(nstype.value) & CLONE_NEWUSER) !== 0;
}
