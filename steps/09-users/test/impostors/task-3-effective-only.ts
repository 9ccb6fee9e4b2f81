// Only the effective ids change: the real and the saved ones are still the host's root.
return [setgroups([]), setresgid(-1, 0, -1), setresuid(-1, 0, -1), prctl(PR_SET_PDEATHSIG, SIGKILL)];
