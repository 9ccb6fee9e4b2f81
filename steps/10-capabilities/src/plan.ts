import { type Call, MS_RDONLY } from 'shared-native';
import * as previous from 'step-09';
import { extend, type Namespace, type Plan, userNamespace } from 'step-09';
import { allowed } from './allowed.ts';
import { deviceAddition } from './devices/devices.ts';
import { cover } from './masks.ts';
import type { Options } from './options.ts';
import { assertOwn, type Sysctl, setSysctls } from './sysctls.ts';
import { giveUp } from './walls.ts';

// #region what root can't do
/**
 * Step 09's container, whose root can do what a program in a container needs, and no more. Sysctls are set before /proc/sys
 * becomes read-only. Both come before the user's mounts, one of which might cover /dev/null.
 */
export function plan(options: Options): Plan {
  const before = previous.plan(options);
  const own = ownNamespaces(before);
  assertOwn(options.sysctls, own);
  const { privileged, security, kernel } = options;
  const isOpen = privileged || security.systemPaths;
  const isOwnUsers = own.includes('user');
  const devices = deviceAddition(options, isOwnUsers || !options.devicesRuled);
  return extend(before, 'step-10', {
    ...giveUp(allowed(options, isOwnUsers)),
    ...(privileged && { instead: writable }),
    actions: devices.actions,
    inside: [
      ...devices.inside,
      ...setSysctls([...defaults(options, before, isOwnUsers), ...options.sysctls]),
      ...(isOpen ? [] : cover(kernel)),
    ],
  });
}
// #endregion

function ownNamespaces({ namespaces, joins }: Plan): Namespace[] {
  return [...namespaces, ...joins.flatMap((joined) => joined.namespaces)];
}

/** In a new network, what docker sets in one. The groups that may ping would have to be mapped, so a user namespace does without. */
function defaults({ kernel, sysctls }: Options, { namespaces }: Plan, isOwnUsers: boolean): Sysctl[] {
  if (!namespaces.includes('net')) return [];
  const isMapped = isOwnUsers || !userNamespace().isFirst;
  return kernel.sysctls.filter(
    ([name]) => !sysctls.some(([other]) => other === name) && !(isMapped && name.endsWith('ping_group_range')),
  );
}

/** /sys and the cgroups below it, which steps 2 and 3 mount read-only. */
function writable(call: Call): Call {
  const { target, mountflags } = call.args;
  const isSys = target?.kind === 'string' && /^\/sys(\/|$)/.test(target.value);
  if (call.name !== 'mount' || !isSys || mountflags?.kind !== 'integer') return call;
  const value = Number(mountflags.value) & ~MS_RDONLY;
  return { ...call, args: { ...call.args, mountflags: { ...mountflags, value } } };
}
