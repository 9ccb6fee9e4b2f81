// The user goes first, and may then set neither group: EPERM.
return [setresuid(uid, uid, uid), setresgid(gid, gid, gid), setgroups(groups), prctl(PR_SET_PDEATHSIG, SIGKILL)];
