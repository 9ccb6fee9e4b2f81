// setresuid empties the permitted set of a process that stops being root, and capset then asks for what is gone.
const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
return {
  first: { privileges: [ownKeys(), ...bound(capabilities), ...(noNewPrivileges ? [] : installed)] },
  privileges: [...keep(capabilities), ...(noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : [])],
  exec: noNewPrivileges ? installed : [],
};
