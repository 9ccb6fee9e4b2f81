// setgroups is left out: the process keeps root's groups, and may read what they may.
return [setresgid(gid, gid, gid), setresuid(uid, uid, uid), prctl(PR_SET_PDEATHSIG, SIGKILL)];
