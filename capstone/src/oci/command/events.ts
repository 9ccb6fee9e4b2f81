import { setTimeout as sleep } from 'node:timers/promises';
import { goDuration, put } from 'step-10';
import type { OciCommand } from '../oci-command.ts';
import { statsOf } from '../running/stats.ts';
import { container, statusOf } from '../state/container.ts';

export const eventsCommand: OciCommand = {
  usage: '<id>',
  description: 'say what a container uses, every few seconds',
  options: (command) => command.option('--interval <duration>', 'how often', '5s').option('--stats', 'once, and end'),
  async run([id = ''], { stats, interval }: { stats?: boolean; interval: string }, { root }) {
    const one = container(root, id);
    if (statusOf(one) === 'stopped') throw new Error(`container with id ${id} is not running`);
    const nanoseconds = goDuration(interval) ?? 0;
    if (!(nanoseconds > 0)) throw new Error(`--interval is to be a time such as 5s, and is ${interval}`);
    do {
      put(`${JSON.stringify({ type: 'stats', id, data: statsOf(one.cgroups) })}\n`);
      if (!stats) await sleep(nanoseconds / 1e6);
    } while (!stats && statusOf(one) !== 'stopped');
    return 0;
  },
};
