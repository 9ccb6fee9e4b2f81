import { put, table } from 'step-10';
import type { OciCommand } from '../oci-command.ts';
import { container, containers, stateOf } from '../state/container.ts';

export const stateCommand: OciCommand = {
  usage: '<id>',
  description: 'say how it is with a container',
  run([id = ''], _, { root }) {
    put(`${JSON.stringify(stateOf(container(root, id)), null, 2)}\n`);
    return 0;
  },
};

export const listCommand: OciCommand = {
  usage: '',
  description: 'list the containers',
  options: (command) =>
    command.option('-f, --format <format>', 'table or json', 'table').option('-q, --quiet', 'their ids alone'),
  run(_, { format, quiet }: { format: string; quiet?: boolean }, { root }) {
    const all = containers(root).map((one) => stateOf(one));
    if (quiet) put(all.map(({ id }) => `${id}\n`).join(''));
    else if (format === 'json') put(`${JSON.stringify(all)}\n`);
    else if (format === 'table')
      put(
        table(
          [
            ['ID', 'PID', 'STATUS', 'BUNDLE', 'CREATED', 'OWNER'],
            ...all.map(({ id, pid, status, bundle, created }) => [id, String(pid), status, bundle, created, 'root']),
          ],
          3,
          12,
        ),
      );
    else throw new Error('invalid format option');
    return 0;
  },
};
