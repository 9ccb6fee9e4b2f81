// Root gives up its capabilities before it takes its ids, which takes three of them.
const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
return {
  first: {
    privileges: [ownKeys(), ...bound(capabilities), ...(noNewPrivileges ? [] : installed), ...keep(capabilities)],
  },
  privileges: noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : [],
  exec: noNewPrivileges ? installed : [],
};
