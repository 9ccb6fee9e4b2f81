// The host's /dev is bound there, as it is quickest: with its disks, and its terminals.
import { MS_REC } from 'shared-native';
return [...mountPoint('/dev', 0o755), mount('dev', '/dev', null, MS_BIND | MS_REC)];
