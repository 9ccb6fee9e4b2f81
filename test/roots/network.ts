import { CLONE_NEWNET, linkUp, perform, request, unshare } from 'shared-native';

// Before each file of tests that runs containers: from step 5 on these make bridges and firewall tables, and let the kernel
// pass packets on, all of which belongs to a network namespace. So this process and those that it starts have one of their
// own, and the machine's stays as it was. It reaches nothing but itself.
if (process.geteuid?.() === 0) {
  perform(unshare(CLONE_NEWNET));
  request(linkUp('lo'));
}
