// One id after another, and the signal asked for before and after.
return [
  prctl(PR_SET_PDEATHSIG, SIGKILL),
  setgroups([]),
  setgroups(groups),
  setresgid(-1, -1, gid),
  setresgid(gid, gid, -1),
  setresuid(uid, -1, -1),
  setresuid(-1, uid, uid),
  prctl(PR_SET_PDEATHSIG, SIGKILL),
];
