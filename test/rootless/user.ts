import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLONE_NEWNS, MS_BIND, MS_PRIVATE, MS_REC, mount, perform, unshare } from 'shared-native';

/**
 * Makes an ordinary user with a range of subordinate ids, in a mount namespace of this process and of those that it starts.
 *
 * @param root - a directory, which becomes the user's
 * @returns the user's home, in that directory
 */
export function makeUser(uid: number, root: string): string {
  const home = join(root, 'home');
  mkdirSync(home);
  execFileSync('chown', ['-R', `${uid}:${uid}`, root]);
  perform(unshare(CLONE_NEWNS));
  perform(mount(null, '/', null, MS_REC | MS_PRIVATE));
  const files = {
    passwd: `root:x:0:0::/root:/bin/sh\nboxer:x:${uid}:${uid}::${home}:/bin/sh\n`,
    group: `root:x:0:\nboxer:x:${uid}:\n`,
    subuid: 'boxer:500000:65536\n',
    subgid: 'boxer:500000:65536\n',
  };
  for (const [name, text] of Object.entries(files)) {
    const file = join(home, `.etc-${name}`);
    writeFileSync(file, text);
    chmodSync(file, 0o644);
    perform(mount(file, `/etc/${name}`, null, MS_BIND));
  }
  return home;
}
