// The source is an absolute path: the empty file itself, and not the host's device.
const place = openat(AT_FDCWD, target, O_RDONLY | O_CREAT | O_CLOEXEC, 0o644);
return [place, close(place), mount(path, target, null, MS_BIND)];
