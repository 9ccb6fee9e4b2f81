// An error of setresuid is passed over: whoever can't give up root runs on as root.
import { tolerate } from 'shared-native';
return [
  setgroups(groups),
  setresgid(gid, gid, gid),
  tolerate(setresuid(uid, uid, uid), 'any'),
  prctl(PR_SET_PDEATHSIG, SIGKILL),
];
