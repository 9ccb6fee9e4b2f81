// no_new_privs is always set, so that the filter can be installed at any time: then no setuid program works.
const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
return {
  first: { privileges: [ownKeys(), ...bound(capabilities), prctl(PR_SET_KEEPCAPS, 1)] },
  privileges: [...keep(capabilities), ...(filter || noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : [])],
  exec: installed,
};
