// The group comes before the others.
return [setresgid(gid, gid, gid), setgroups(groups), setresuid(uid, uid, uid), prctl(PR_SET_PDEATHSIG, SIGKILL)];
