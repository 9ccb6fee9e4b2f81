// All of the host's /dev is bound: its disk is there, too.
import { MS_REC } from 'shared-native';
return [mount('dev', '/dev', null, MS_BIND | MS_REC)];
