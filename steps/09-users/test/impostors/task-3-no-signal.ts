// Nobody asks for the signal again: the container outlives its runtime.
return [setgroups([]), setresgid(0, 0, 0), setresuid(0, 0, 0)];
