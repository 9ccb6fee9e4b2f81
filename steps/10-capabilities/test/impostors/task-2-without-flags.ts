// The flags of the filter are forgotten.
const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, 0, filter.program)] : [];
return {
  first: {
    privileges: [ownKeys(), ...bound(capabilities), ...(noNewPrivileges ? [] : installed), prctl(PR_SET_KEEPCAPS, 1)],
  },
  privileges: [...keep(capabilities), ...(noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : [])],
  exec: noNewPrivileges ? installed : [],
};
