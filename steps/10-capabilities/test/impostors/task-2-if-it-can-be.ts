// A filter that can't be installed is done without.
const installed = filter ? [tolerate(seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program), 'any')] : [];
return {
  first: {
    privileges: [ownKeys(), ...bound(capabilities), ...(noNewPrivileges ? [] : installed), prctl(PR_SET_KEEPCAPS, 1)],
  },
  privileges: [...keep(capabilities), ...(noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : [])],
  exec: noNewPrivileges ? installed : [],
};
