import type { Step } from 'step-06';
import * as previous from 'step-06';
import { defaultRootfsPath, type Showing } from 'step-06';
import { mountCommands } from './command/mount.ts';
import { volumeCommands } from './command/volume/volume.ts';
import { assertReaches } from './flags/propagation.ts';
import { fromOthers } from './flags/volumes-from.ts';
import { oneForEachPlace } from './mounts.ts';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';

export * from 'step-06';
export { mountCommands } from './command/mount.ts';
export { inspectedVolume } from './command/volume/inspect.ts';
export { pruneVolumes } from './command/volume/prune.ts';
export { volumeCommands } from './command/volume/volume.ts';
export { kindOf } from './flags/source.ts';
export { fromOthers } from './flags/volumes-from.ts';
export * from './hot-mount.ts';
export * from './mount.ts';
export { isAboutAtime, MOUNT_WORDS, type MountWord } from './mount-words.ts';
export * from './mounts.ts';
export { type Flags, type Options, options, read, volume } from './options.ts';
export * from './place.ts';
export { plan } from './plan.ts';
export { targetIn } from './target.ts';
export * from './tmpfs.ts';
export * from './tree.ts';
export * from './volume-flag.ts';
export { copyDirectory } from './volumes/copy.ts';
export { removeVolume } from './volumes/remove.ts';
export { sizeOf } from './volumes/size.ts';
export { createVolume, dataOf, volumes, volumesDirectory } from './volumes/store.ts';
export * from './volumes.ts';

/** Step 07 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-07',
  title: 'bind mounts, volumes, tmpfs',
  options,
  read,
  plan,
  async prepare(wanted, say) {
    const options = { ...wanted, ...(await previous.step.prepare(wanted, say)) };
    if (options.relabel)
      say('z and Z are about SELinux labels, which this course sets on nothing: they have no effect');
    const { asked, volumesFrom } = options;
    const mounts = oneForEachPlace({ ...asked, fromOthers: [...asked.fromOthers, ...fromOthers(volumesFrom)] });
    for (const mount of mounts) assertReaches(mount);
    return { ...options, mounts };
  },
  commands: [...previous.step.commands, ...volumeCommands(), ...mountCommands()],
  demo: () => [
    previous.step.demo()[0] as Showing,
    {
      says: 'A volume takes over what the root has there, and keeps what is written:',
      run: [...['--network', 'none', '-v', '/etc', defaultRootfsPath()], 'sh', '-c', 'echo mine > /etc/motd; ls /etc'],
    },
    {
      says: "A directory of this machine's, and no file in it can be changed:",
      run: [
        ...['--network', 'none', '-v', '/usr:/mnt:ro', defaultRootfsPath()],
        'sh',
        '-c',
        'ls /mnt; touch /mnt/file',
      ],
    },
    {
      says: 'A filesystem in memory, in which a MiB fits, and no more:',
      run: [
        ...['--network', 'none', '--tmpfs', '/run:size=1m', defaultRootfsPath()],
        ...['sh', '-c', 'head -c 5000000 /dev/zero > /run/file; wc -c < /run/file'],
      ],
    },
  ],
};
