import type { Subcommand } from 'step-10';

/** `oci`: what scripts/boxstep-oci runs for podman, containerd and dockerd. main.ts passes its flags on as they are. */
export const ociCommand: Subcommand = {
  name: 'oci',
  description: 'be an OCI runtime, with the commands and flags of runc (oci --help lists them)',
  positionals: [['[words...]', 'one of them']],
  needsRoot: false,
  async run(_, words) {
    const { oci } = await import('../oci/command.ts');
    return oci(words);
  },
};
