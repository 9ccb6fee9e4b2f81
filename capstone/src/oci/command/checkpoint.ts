import type { OciCommand } from '../oci-command.ts';

export const checkpointCommand = refused('checkpoint');
export const restoreCommand = refused('restore');

/** A command of runc's that takes CRIU. */
function refused(name: string): OciCommand {
  return {
    usage: '[words...]',
    description: 'refused: this runtime stores no processes',
    options: (command) => command.allowUnknownOption(),
    run() {
      throw new Error(`${name} can’t be had: this runtime stores no processes`);
    },
  };
}
