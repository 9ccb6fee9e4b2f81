// execve closes the descriptor: that is what O_CLOEXEC is for.
import { O_EXCL, O_WRONLY } from 'shared-native';
return [openat(AT_FDCWD, target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0), mount(path.slice(1), target, '', MS_BIND)];
