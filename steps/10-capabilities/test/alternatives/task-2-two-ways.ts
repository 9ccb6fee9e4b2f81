// With no_new_privs all is done at the end, without it at the beginning.
const install = filter && seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program);
const early: Call[] = [prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), ...bound(capabilities).toReversed(), ownKeys()];
const late: Call[] = [];
if (noNewPrivileges) late.push(prctl(PR_SET_NO_NEW_PRIVS, 1));
if (install) (noNewPrivileges ? late : early).push(install);
return { first: { privileges: early }, privileges: keep(capabilities).toReversed(), exec: late };
