import { execFileSync } from 'node:child_process';
import { put } from 'step-10';
import type { OciCommand } from '../oci-command.ts';
import { processesOf } from '../running/signal.ts';
import { container } from '../state/container.ts';

export const psCommand: OciCommand = {
  usage: '<id> [psArgs...]',
  description: 'list the processes of a container',
  options: (command) => command.passThroughOptions().option('-f, --format <format>', 'table or json', 'table'),
  run([id = '', ...args], { format }: { format: string }, { root }) {
    const pids = processesOf(container(root, id));
    if (format === 'json') {
      put(`${JSON.stringify(pids)}\n`);
      return 0;
    }
    if (format !== 'table') throw new Error('invalid format option');
    const [head = '', ...lines] = execFileSync('ps', args.length > 0 ? args : ['-ef'], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');
    const column = head.trim().split(/\s+/).indexOf('PID');
    if (column < 0) throw new Error('couldn’t find PID field in ps output');
    const theirs = lines.filter((line) => pids.includes(Number(line.trim().split(/\s+/)[column])));
    put([head, ...theirs].map((line) => `${line}\n`).join(''));
    return 0;
  },
};
