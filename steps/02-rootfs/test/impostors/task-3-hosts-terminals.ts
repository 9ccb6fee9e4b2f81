// The host's /dev/pts is bound there: the terminals are the host's.
return [
  ...mountPoint('/dev', 0o755),
  mount('tmpfs', '/dev', 'tmpfs', MS_NOSUID | MS_STRICTATIME, 'mode=755,size=65536k'),
  ...Object.entries(DEVICES).map(([name, [major, minor]]) =>
    mknod(`/dev/${name}`, S_IFCHR | 0o666, makedev(major, minor)),
  ),
  ...Object.entries(LINKS).map(([name, target]) => symlink(target, `/dev/${name}`)),
  mkdir('/dev/pts', 0o755),
  mount('dev/pts', '/dev/pts', null, MS_BIND),
  mkdir('/dev/shm', 0o1777),
  mount('shm', '/dev/shm', 'tmpfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, 'mode=1777,size=65536k'),
];
