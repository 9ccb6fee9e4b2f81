// As docker has it: root of the container is in group root of the container, which is none of the host's groups.
const ids = [setgroups([0]), setresgid(0, 0, 0), setresuid(0, 0, 0)];
return [prctl(PR_SET_PDEATHSIG, 0), ...ids, prctl(PR_SET_PDEATHSIG, SIGKILL)];
