// Also with no_new_privs the filter comes first: then it has to allow all that comes after it.
const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
return {
  first: { privileges: [ownKeys(), ...bound(capabilities), ...installed, prctl(PR_SET_KEEPCAPS, 1)] },
  privileges: [...keep(capabilities), ...(noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : [])],
  exec: [],
};
