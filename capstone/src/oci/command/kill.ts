import { signalNamed } from 'step-10';
import { signal } from '../../gone.ts';
import type { OciCommand } from '../oci-command.ts';
import { signalAll } from '../running/signal.ts';
import { container, statusOf } from '../state/container.ts';
import { freeze } from '../state/freezer.ts';

export const killCommand: OciCommand = {
  usage: '<id> [signal]',
  description: 'send a signal to a container (SIGTERM)',
  options: (command) => command.option('-a, --all', 'to all its processes'),
  async run([id = '', named = 'SIGTERM'], { all }: { all?: boolean }, { root }) {
    const one = container(root, id);
    const number = signalNumber(named);
    const status = statusOf(one);
    const isShared = !one.config.linux?.namespaces?.some(({ type, path }) => type === 'pid' && !path);
    if (all || (isShared && number === 9)) {
      signalAll(one, number);
      if (status === 'stopped' && !all) throw new Error('container not running');
    } else if (status === 'stopped' || !signal(one, number)) throw new Error('container not running');
    if (number === 9 && status === 'paused') await freeze(one.cgroups, false); // even SIGKILL waits for v1's freezer
    return 0;
  },
};

function signalNumber(text: string): number {
  try {
    return signalNamed(text);
  } catch {
    throw new Error(`unknown signal ${JSON.stringify(text)}`);
  }
}
