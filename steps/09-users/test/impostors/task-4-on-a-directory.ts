// A directory is made to mount on, and a device is no directory.
import { mkdir } from 'shared-native';
return [mkdir(target, 0o755), mount(path.slice(1), target, null, MS_BIND)];
