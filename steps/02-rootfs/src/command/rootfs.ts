import { defaultRootfs, makeRootfs, put, type Subcommand, say, typedPath } from 'step-01';

/** `rootfs`: makes the root filesystem that a container has without any other. */
export const rootfsCommand: Subcommand = {
  name: 'rootfs',
  description: "make a root filesystem of this machine's programs, and print where it is",
  positionals: [['[directory]', 'a new or empty one (default: the one that containers have unless told otherwise)']],
  needsRoot: false,
  async run(_flags, [directory]) {
    put(`${directory === undefined ? await defaultRootfs(say) : await make(directory)}\n`);
    return 0;
  },
};

async function make(directory: string): Promise<string> {
  if (directory === '') throw new Error('the directory has an empty name: give a new or an empty one');
  const path = typedPath(directory);
  say(`Made of ${await makeRootfs(path)}.`);
  return path;
}
