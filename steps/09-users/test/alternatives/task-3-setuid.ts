// With CAP_SETUID, setuid sets all three; so does setgid.
import { setgid, setuid } from 'shared-native';
return [setgroups([]), setgid(0), setuid(0), prctl(PR_SET_PDEATHSIG, SIGKILL)];
