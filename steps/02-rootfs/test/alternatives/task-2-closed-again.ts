// It is opened for reading, and closed when that has worked.
import { close, O_RDONLY } from 'shared-native';
const place = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
return [tolerate(mkdir(path, mode), 'EEXIST'), place, close(place)];
