// The container keeps the keyring of the process that started it.
const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
return {
  first: {
    privileges: [...bound(capabilities), ...(noNewPrivileges ? [] : installed), prctl(PR_SET_KEEPCAPS, 1)],
  },
  privileges: [...keep(capabilities), ...(noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : [])],
  exec: noNewPrivileges ? installed : [],
};
