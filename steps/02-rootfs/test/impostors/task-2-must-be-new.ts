// A directory that is there already, as in every image, is taken for a failure.
return [mkdir(path, mode), openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)];
