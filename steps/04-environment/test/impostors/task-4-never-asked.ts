// The signal isn't asked for again: the container outlives a runtime that is killed.
return [setgroups(groups), setresgid(gid, gid, gid), setresuid(uid, uid, uid)];
