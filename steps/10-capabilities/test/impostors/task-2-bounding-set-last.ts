// The bounding set is left when the capability for that is gone.
const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
return {
  first: { privileges: [ownKeys(), ...(noNewPrivileges ? [] : installed), prctl(PR_SET_KEEPCAPS, 1)] },
  privileges: [
    ...keep(capabilities),
    ...bound(capabilities),
    ...(noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : []),
  ],
  exec: noNewPrivileges ? installed : [],
};
