// Links before devices, /dev/shm before /dev/pts, and the last link by its absolute path.
const links = { ...LINKS, ptmx: '/dev/pts/ptmx' };
return [
  ...mountPoint('/dev', 0o755),
  mount('dev', '/dev', 'tmpfs', MS_NOSUID, 'size=65536k,mode=0755'),
  ...Object.entries(links).map(([name, target]) => symlink(target, `/dev/${name}`)),
  mkdir('/dev/shm', 0o1777),
  mount('tmpfs', '/dev/shm', 'tmpfs', MS_NODEV | MS_NOSUID | MS_NOEXEC, 'size=65536k,mode=1777'),
  mkdir('/dev/pts', 0o755),
  mount('devpts', '/dev/pts', 'devpts', MS_NOEXEC | MS_NOSUID, 'mode=620,gid=5,ptmxmode=666'),
  ...Object.entries(DEVICES).map(([name, [major, minor]]) =>
    mknod(`/dev/${name}`, S_IFCHR | 0o666, makedev(major, minor)),
  ),
];
