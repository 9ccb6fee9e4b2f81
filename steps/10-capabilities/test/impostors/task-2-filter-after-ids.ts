// The filter comes when the ids are taken: by then CAP_SYS_ADMIN is gone.
const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
return {
  first: { privileges: [ownKeys(), ...bound(capabilities), prctl(PR_SET_KEEPCAPS, 1)] },
  privileges: [...keep(capabilities), ...(noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : [])],
  exec: installed,
};
