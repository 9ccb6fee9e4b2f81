// Each capability by its number: what is not to be had leaves the bounding set, and the mask says the rest.
import { capset, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, PR_CAPBSET_DROP } from 'shared-native';
import { CAPABILITIES } from './capabilities.ts';
let mask = 0n;
const drops: Call[] = [];
for (const [number, name] of CAPABILITIES.entries()) {
  if (capabilities.includes(name)) mask |= 1n << BigInt(number);
  else drops.push(tolerate(prctl(PR_CAPBSET_DROP, number), 'EINVAL'));
}
const calls = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
const clear = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
return {
  first: { privileges: [clear, ownKeys(), ...(noNewPrivileges ? [] : calls), ...drops, prctl(PR_SET_KEEPCAPS, 1)] },
  privileges: [capset(0, { effective: mask, permitted: mask, inheritable: 0n })],
  exec: noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1), ...calls] : [],
};
