// A loop, masks first, and a tmpfs that becomes read-only afterwards.
const calls: Call[] = [];
for (const { path, isDirectory } of masked) {
  if (isDirectory) {
    calls.push(mount('tmpfs', path, 'tmpfs', SAFE, 'size=4k'));
    calls.push(mount(null, path, null, MS_BIND | MS_REMOUNT | MS_RDONLY | SAFE));
  } else {
    calls.push(mount('/dev/null', path, null, MS_BIND | MS_REC));
  }
}
for (const { path } of readOnly) calls.push(mount(path, path, null, MS_REC | MS_BIND));
for (const { path } of readOnly.toReversed()) {
  calls.push(mount('none', path, null, MS_REMOUNT | MS_RDONLY | MS_BIND | MS_NOSUID | MS_NOEXEC | MS_NODEV));
}
return calls;
