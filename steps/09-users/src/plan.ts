import {
  AT_FDCWD,
  type Call,
  CLONE_NEWNS,
  CLONE_NEWUSER,
  close,
  MS_REC,
  MS_SLAVE,
  mount,
  O_CLOEXEC,
  O_WRONLY,
  openat,
  pidfdOpen,
  setns,
  tolerate,
  unshare,
  write,
} from 'shared-native';
import * as previous from 'step-08';
import { type Addition, extend, type Mount, type Namespace, type Plan, type Running, ulimitCalls } from 'step-08';
import { asRoot } from './as-root.ts';
import { instead } from './confined.ts';
import { copied } from './copied.ts';
import { withGroups } from './exec.ts';
import { idmapped } from './idmapped.ts';
import { keepMaps } from './kept.ts';
import type { Maps } from './maps.ts';
import { withNetwork } from './network/network.ts';
import type { Options } from './options.ts';
import { giveToRoot, ownPipes } from './owners.ts';
import { leased } from './ranges/lease.ts';
import { laid, lowers } from './root.ts';
import { withoutCgroups } from './rootless/without-cgroups.ts';
import { fromSealed, placesToSeal, seal } from './sealed.ts';
import { usersFor } from './sharing.ts';
import { type UserNamespace, userNamespace } from './user-namespace.ts';
import { writeMaps } from './writing.ts';

// #region root inside, nobody outside
/** Step 08's container with its own users: its root is a user on the host that nobody else is. */
export function plan(options: Options): Plan {
  const { maps, of } = usersFor(options);
  if (maps) return withUsers(options, maps, of);
  const here = userNamespace();
  return here.isFirst ? previous.plan(options) : withinCommands(options, here);
}

function withUsers(options: Options, maps: Maps, of: Running | undefined): Plan {
  const isHostsRoot = userNamespace().isFirst;
  const mounts = isHostsRoot ? fromSealed(options) : options.mounts;
  const before = confined({ ...options, ...lowers(options, maps), mounts }, maps);
  return extend(before, 'step-09', {
    ...(of ? entering(of) : { namespaces: ['user'] }),
    actions: [
      ...(options.copied ? [copied(options, maps)] : []),
      ...(isHostsRoot ? placesToSeal(options) : []),
      giveToRoot(options, maps),
      keepMaps(options.directory, maps),
      ...(of ? [] : [leased(maps), writeMaps(maps)]),
    ],
    first: { join: isHostsRoot ? [...ownPipes(options, maps), ...asHostsRoot(options)] : [] },
    instead: asRoot(before),
  });
}
// #endregion

// #region in a user namespace
/** Step 08's container with what the kernel allows root of a user namespace other than the first. */
function confined(options: Options, maps: Maps): Plan {
  const before = withoutCgroups(
    previous.plan({ ...options, mounts: options.mounts.map(ofRoot), userXattrs: true }),
    options,
  );
  const owned: Namespace[] = [
    ...before.namespaces,
    ...before.joins.flatMap(({ namespaces }) => namespaces),
    ...(options.cgroupNamespace === 'private' ? (['cgroup'] as const) : []), // made later, by unshare
  ];
  const confines = { owned, maps };
  const possible = extend(before, 'step-09', {
    instead: (call, stage) => (stage === 'inside' ? instead(call, confines) : undefined),
  });
  return withNetwork(possible, options);
}
// #endregion

/** In the user namespace of the command that starts it. */
function withinCommands(options: Options, here: UserNamespace): Plan {
  return withGroups(confined(options, here), here.setgroups);
}

/** The mounts that only the host's root can make. The helper process makes them, in a mount namespace just for this. */
function asHostsRoot(options: Options): Call[] {
  const files = options.copied ? [] : laid(options).flatMap((one) => idmapped(one, options.idmap));
  return [
    unshare(CLONE_NEWNS),
    mount(null, '/', null, MS_REC | MS_SLAVE),
    ...files,
    ...seal(options),
    ...lowScore(options),
    ...ulimitCalls(options.raised),
  ];
}

/** Only the host's root may choose a low oom_score_adj; what is born afterwards may go back to it. */
function lowScore({ oomScoreAdj = 0 }: Options): Call[] {
  if (oomScoreAdj >= 0) return [];
  const score = openat(AT_FDCWD, '/proc/self/oom_score_adj', O_WRONLY | O_CLOEXEC);
  return [score, tolerate(write(score, String(oomScoreAdj)), 'EACCES'), close(score)];
}

/** A filesystem in memory is its root's, and not that of the nobody who makes it. */
function ofRoot(one: Mount): Mount {
  return one.type === 'tmpfs' ? { ...one, options: ['uid=0', 'gid=0', ...one.options] } : one;
}

/** It is born into the user namespace of another container: entered last, for from there nothing of the host's can be entered. */
function entering({ name, pid, started }: Running): Addition {
  const target = pidfdOpen(pid);
  return { joins: [{ name, pid, started, namespaces: ['user'] }], join: [target, setns(target, CLONE_NEWUSER)] };
}
