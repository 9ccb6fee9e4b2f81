// A symbolic link in the image is followed, and the mount goes wherever it leads.
return [tolerate(mkdir(path, mode), 'EEXIST'), openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC)];
