// no_new_privs comes first of all: it changes nothing before execve.
const calls = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
const [early, late] = noNewPrivileges ? [[prctl(PR_SET_NO_NEW_PRIVS, 1)], calls] : [calls, []];
return {
  first: { privileges: [ownKeys(), prctl(PR_SET_KEEPCAPS, 1), ...early, ...bound(capabilities)] },
  privileges: keep(capabilities),
  exec: late,
};
