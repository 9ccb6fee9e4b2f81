// Without O_DIRECTORY a file passes, and with O_PATH and O_NOFOLLOW even a link does.
return [tolerate(mkdir(path, mode), 'EEXIST'), openat(AT_FDCWD, path, O_PATH | O_NOFOLLOW | O_CLOEXEC)];
