// setgid and setuid: called by root, they change all three ids.
import { setgid, setuid } from 'shared-native';
return [setgroups([...groups].reverse()), setgid(gid), setuid(uid), prctl(PR_SET_PDEATHSIG, SIGKILL)];
