// The devices are made in the image's own /dev, and the tmpfs that is mounted then hides them.
return [
  ...mountPoint('/dev', 0o755),
  ...Object.entries(DEVICES).map(([name, [major, minor]]) =>
    mknod(`/dev/${name}`, S_IFCHR | 0o666, makedev(major, minor)),
  ),
  mount('tmpfs', '/dev', 'tmpfs', MS_NOSUID | MS_STRICTATIME, 'mode=755,size=65536k'),
  ...Object.entries(LINKS).map(([name, target]) => symlink(target, `/dev/${name}`)),
  mkdir('/dev/pts', 0o755),
  mount('devpts', '/dev/pts', 'devpts', MS_NOSUID | MS_NOEXEC, 'newinstance,ptmxmode=0666,mode=0620,gid=5'),
  mkdir('/dev/shm', 0o1777),
  mount('shm', '/dev/shm', 'tmpfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, 'mode=1777,size=65536k'),
];
