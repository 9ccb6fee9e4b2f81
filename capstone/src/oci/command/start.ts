import type { OciCommand } from '../oci-command.ts';
import { startContainer } from '../running/begin.ts';
import { container } from '../state/container.ts';

export const startCommand: OciCommand = {
  usage: '<id>',
  description: 'let a container become its program',
  async run([id = ''], _, { root }) {
    await startContainer(container(root, id));
    return 0;
  },
};
