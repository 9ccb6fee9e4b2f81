// Devices and links are made below a descriptor of the new /dev.
import { mknodat, symlinkat, AT_FDCWD as HERE, O_DIRECTORY, O_PATH } from 'shared-native';
const dev = openat(HERE, '/dev', O_PATH | O_DIRECTORY | O_CLOEXEC);
return [
  ...mountPoint('/dev', 0o755),
  mount('tmpfs', '/dev', 'tmpfs', MS_NOSUID | MS_STRICTATIME, 'mode=755,size=65536k'),
  dev,
  ...Object.entries(DEVICES).map(([name, [major, minor]]) => mknodat(dev, name, S_IFCHR | 0o666, makedev(major, minor))),
  ...Object.entries(LINKS).map(([name, target]) => symlinkat(target, dev, name)),
  ...mountPoint('/dev/pts', 0o755),
  mount('devpts', '/dev/pts', 'devpts', MS_NOSUID | MS_NOEXEC, 'newinstance,ptmxmode=0666,mode=0620,gid=5'),
  ...mountPoint('/dev/shm', 0o1777),
  mount('shm', '/dev/shm', 'tmpfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, 'mode=1777,size=65536k'),
];
