import { planJson, planText, put } from 'step-10';
import { readBundle } from '../config/bundle.ts';
import type { OciCommand } from '../oci-command.ts';
import { planOf } from '../plan.ts';
import { directoryOf } from '../state/container.ts';

export const planCommand: OciCommand = {
  usage: '[bundle]',
  description: 'print a bundle as the list of syscalls that it is; does nothing, and needs no root',
  options: (command) => command.option('--id <id>', 'the container’s id', 'container').option('--json', 'as JSON'),
  run([directory = '.'], { id, json }: { id: string; json?: boolean }, { root }) {
    const { plan } = planOf(readBundle(directory), { id, directory: directoryOf(root, id) });
    put(json ? planJson(plan) : planText(plan));
    return 0;
  },
};
