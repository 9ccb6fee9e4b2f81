// Written out, and each mode set again by chmod, whatever the umask.
import { chmod } from 'shared-native';
const device = (name: string, major: number, minor: number) => [
  mknod(`/dev/${name}`, S_IFCHR, makedev(major, minor)),
  chmod(`/dev/${name}`, 0o666),
];
return [
  ...mountPoint('/dev', 0o755),
  mount('tmpfs', '/dev', 'tmpfs', MS_NOSUID, 'size=65536k'),
  chmod('/dev', 0o755),
  ...[...device('null', 1, 3), ...device('zero', 1, 5), ...device('full', 1, 7)],
  ...[...device('random', 1, 8), ...device('urandom', 1, 9), ...device('tty', 5, 0)],
  symlink('/proc/self/fd', '/dev/fd'),
  ...['stdin', 'stdout', 'stderr'].map((name, fd) => symlink(`fd/${fd}`, `/dev/${name}`)),
  symlink('pts/ptmx', '/dev/ptmx'),
  mkdir('/dev/pts'),
  mount('devpts', '/dev/pts', 'devpts', MS_NOSUID | MS_NOEXEC, 'ptmxmode=0666,mode=0620,gid=5'),
  mkdir('/dev/shm'),
  mount('shm', '/dev/shm', 'tmpfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, 'size=65536k'),
  chmod('/dev/shm', 0o1777),
];
