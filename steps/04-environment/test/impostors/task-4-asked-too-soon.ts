// The signal is asked for before the ids change, and that makes the kernel forget it.
return [prctl(PR_SET_PDEATHSIG, SIGKILL), setgroups(groups), setresgid(gid, gid, gid), setresuid(uid, uid, uid)];
