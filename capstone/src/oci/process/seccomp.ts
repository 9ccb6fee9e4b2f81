import { SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_RET_USER_NOTIF } from 'shared-native';
import { type Filter, filterFor, thisKernel } from 'step-10';
import type { OciSeccomp, Process } from '../config/schema.ts';

/** The one action that step 10 refuses, since it needs somebody who answers. */
const WITH_LISTENER = { SCMP_ACT_NOTIFY: SECCOMP_RET_USER_NOTIF };

/** The filter of a bundle. @throws {Error} that names what is wrong in it */
export function filterOfBundle(seccomp: OciSeccomp | undefined, process: Process): Filter | undefined {
  if (!seccomp) return undefined;
  const { listenerPath = '', listenerMetadata: _, ...profile } = seccomp;
  const notifies = (profile.syscalls ?? []).some(({ action }) => action === 'SCMP_ACT_NOTIFY');
  if (profile.defaultAction === 'SCMP_ACT_NOTIFY')
    throw new Error(
      'linux.seccomp.defaultAction can’t be SCMP_ACT_NOTIFY: the runtime’s own calls would wait for ever',
    );
  if (profile.syscalls?.some(({ action, names }) => action === 'SCMP_ACT_NOTIFY' && names.includes('write')))
    throw new Error(
      'linux.seccomp: SCMP_ACT_NOTIFY can’t be the answer to write, by which the runtime passes the listener on',
    );
  if (notifies && listenerPath === '') throw new Error('linux.seccomp: SCMP_ACT_NOTIFY needs a listenerPath');
  if (listenerPath !== '' && !notifies) throw new Error('linux.seccomp.listenerPath needs SCMP_ACT_NOTIFY in a rule');
  const kernel = { ...thisKernel(), capabilities: process.capabilities?.bounding ?? [] };
  const filter = filterFor(profile, kernel, notifies ? WITH_LISTENER : {});
  return notifies ? { ...filter, flags: filter.flags | SECCOMP_FILTER_FLAG_NEW_LISTENER } : filter;
}
