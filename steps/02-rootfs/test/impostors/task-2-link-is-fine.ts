// The refusal of a link is tolerated, and so the look at it has no effect.
return [
  tolerate(mkdir(path, mode), 'EEXIST'),
  tolerate(openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), 'ENOTDIR'),
];
