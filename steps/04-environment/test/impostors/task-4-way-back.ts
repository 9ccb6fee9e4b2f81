// Only the effective ids change: seteuid(0) leads back.
return [setgroups(groups), setresgid(-1, gid, -1), setresuid(-1, uid, -1), prctl(PR_SET_PDEATHSIG, SIGKILL)];
