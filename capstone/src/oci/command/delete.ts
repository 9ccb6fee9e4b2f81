import { existsSync } from 'node:fs';
import type { OciCommand } from '../oci-command.ts';
import { remove } from '../running/remove.ts';
import { container, directoryOf, forget, statusOf } from '../state/container.ts';
import { freeze } from '../state/freezer.ts';

export const deleteCommand: OciCommand = {
  usage: '<id>',
  description: 'remove what is left of a container that has ended',
  options: (command) => command.option('-f, --force', 'end it first, if it runs; fine if it isn’t there'),
  async run([id = ''], { force = false }: { force?: boolean }, { root }) {
    let one: ReturnType<typeof container>;
    try {
      one = container(root, id);
    } catch (error) {
      if (!force) throw error;
      const directory = directoryOf(root, id);
      if (existsSync(directory)) forget({ directory });
      return 0;
    }
    const status = statusOf(one);
    if (!force && status !== 'stopped' && status !== 'created')
      throw new Error(`cannot delete container ${id} that is not stopped: ${status}`);
    if (status === 'paused') await freeze(one.cgroups, false);
    await remove(one);
    return 0;
  },
};
