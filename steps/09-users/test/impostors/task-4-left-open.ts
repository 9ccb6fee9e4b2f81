// The file that it is mounted on stays open, and the container's program inherits the descriptor.
return [openat(AT_FDCWD, target, O_RDONLY | O_CREAT, 0o644), mount(path.slice(1), target, null, MS_BIND)];
