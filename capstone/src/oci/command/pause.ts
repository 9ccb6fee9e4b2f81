import type { OciCommand } from '../oci-command.ts';
import { container, type Status, statusOf } from '../state/container.ts';
import { freeze } from '../state/freezer.ts';

export const pauseCommand = freezing('stop all processes of a container', true, ['running', 'created']);
export const resumeCommand = freezing('let them go on', false, ['paused']);

function freezing(description: string, frozen: boolean, from: readonly Status[]): OciCommand {
  return {
    usage: '<id>',
    description,
    async run([id = ''], _, { root }) {
      const one = container(root, id);
      const status = statusOf(one);
      if (!from.includes(status))
        throw new Error(frozen ? `container not running or created: ${status}` : 'container not paused');
      await freeze(one.cgroups, frozen);
      return 0;
    },
  };
}
