// Ambient and inheritable capabilities of the process that starts the container survive execve.
const installed = filter ? [seccomp(SECCOMP_SET_MODE_FILTER, filter.flags, filter.program)] : [];
return {
  first: { privileges: [ownKeys(), ...bound(capabilities), ...(noNewPrivileges ? [] : installed)] },
  privileges: noNewPrivileges ? [prctl(PR_SET_NO_NEW_PRIVS, 1)] : [],
  exec: noNewPrivileges ? installed : [],
};
