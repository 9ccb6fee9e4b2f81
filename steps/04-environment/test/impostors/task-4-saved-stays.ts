// The saved id stays root's: setresuid(-1, 0, -1) leads back.
return [setgroups(groups), setresgid(gid, gid, 0), setresuid(uid, uid, 0), prctl(PR_SET_PDEATHSIG, SIGKILL)];
