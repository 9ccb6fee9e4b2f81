// The group is put before the others: a user whose groups don't list it gets one more.
return [setgroups([0, ...groups]), setresgid(gid, gid, gid), setresuid(uid, uid, uid), prctl(PR_SET_PDEATHSIG, SIGKILL)];
