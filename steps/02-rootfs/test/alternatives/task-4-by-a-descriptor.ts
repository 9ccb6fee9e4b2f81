// The way out is held open: a descriptor of the root stays outside of the second chroot.
import { AT_FDCWD, fchdir, O_DIRECTORY, O_RDONLY, openat } from 'shared-native';
const outside = openat(AT_FDCWD, '/', O_RDONLY | O_DIRECTORY);
return [outside, chroot('/tmp'), fchdir(outside), ...Array.from({ length: 64 }, () => chdir('..')), chroot('.')];
