// Whatever mkdir answers, the look decides: what could not be made is not there to be opened.
return [
  tolerate(mkdir(path, mode), 'any'),
  openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
];
