import type { Showing, Step } from 'step-07';
import * as previous from 'step-07';
import { defaultRootfsPath, signalNamed } from 'step-07';
import { commitCommand } from './command/commit.ts';
import { diffCommand } from './command/diff.ts';
import { imageCommands } from './command/image.ts';
import { rmCommand } from './command/rm.ts';
import { assertFree, leftByReboot } from './container.ts';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';
import { untilBegun } from './prepared.ts';
import { directoriesOf, viewOf } from './root.ts';
import { lackingLayers } from './store/unpacked.ts';
import { useImage } from './store/use.ts';

export * from 'step-07';
export { commitCommand } from './command/commit.ts';
export { diffCommand } from './command/diff.ts';
export * from './container.ts';
export * from './format/human.ts';
export { asRfc3339, duration as goDuration, millisecondsAt, timeOf } from './format/times.ts';
export * from './image-flags.ts';
export { isLinuxSince } from './older-kernel/since.ts';
export { type Flags, type Options, options, read } from './options.ts';
export * from './overlay.ts';
export { plan } from './plan.ts';
export * from './prepared.ts';
export { recordOf } from './record.ts';
export * from './reference.ts';
export { lowersOf } from './root.ts';
export { findImage } from './store/find.ts';
export type * from './store/image.ts';
export { useImage } from './store/use.ts';
export { type Marker, marker } from './whiteouts.ts';

/** Step 08 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-08',
  title: 'Images as layers: OverlayFS',
  positionals: [
    ['[image]', 'an image of the store, a directory, or a tar archive of either (default: this machine’s programs)'],
    ['[command...]', 'what to run in it (default: what the image says, or sh)'],
  ],
  options,
  read,
  plan,
  async prepare(wanted, say) {
    if (!wanted.again) assertFree(wanted.name);
    const { archive } = wanted;
    const found = archive === undefined ? wanted : await (await import('./archive.ts')).ofArchive(archive, wanted, say);
    return { ...found, ...(await previous.step.prepare(await withFiles(found, say), quiet(say))) };
  },
  stopSignal: ({ image }) => {
    const named = image?.config.config?.StopSignal;
    return named ? signalNamed(named) : undefined;
  },
  left: leftByReboot,
  commands: [...previous.step.commands, ...imageCommands, diffCommand(), commitCommand(), rmCommand],
  demo: (): Showing[] => [
    {
      says: 'Two containers on one directory: what the first writes, the second doesn’t see, and the directory stays as it was:',
      run: [defaultRootfsPath(), 'sh', '-c', 'echo mine > /etc/motd; ls /etc/motd'],
    },
    { says: 'The second:', run: [defaultRootfsPath(), 'sh', '-c', 'ls /etc/motd || echo "nothing is there"'] },
  ],
};

/** Its image is kept from being removed, and unpacked, and can be looked into. */
async function withFiles(options: Options, say: (line: string) => void): Promise<Options> {
  const { image } = options;
  if (!image) return options;
  useImage(image);
  if (lackingLayers(image).length > 0) await (await import('./store/provide.ts')).provideLayers(image, say);
  return { ...options, rootfs: viewOf(directoriesOf(image), untilBegun) };
}

/** What step 02 makes in a root that lacks it goes to the upper directory here: nobody's directory is changed. */
function quiet(say: (line: string) => void): (line: string) => void {
  return (line) => {
    if (!line.startsWith('making what ')) say(line);
  };
}
