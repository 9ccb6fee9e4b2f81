import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'shared-native';
import { findHierarchies, type Hierarchy, isNone, put, type Subcommand } from 'step-02';
import { thisMachine } from '../flags/machine.ts';
import { bytesSize } from '../sizes.ts';
import { forEach, running, told } from './running.ts';
import { type Usage, usage } from './usage.ts';

/** `stats`: what running containers use. */
export const statsCommand: Subcommand = {
  name: 'stats',
  description: 'show what running containers use',
  positionals: [['[name...]', 'the containers (default: all that run)']],
  needsRoot: true,
  options: (command) => command.option('--no-stream', 'show it once, also on a terminal'),
  async run({ stream }: { stream: boolean }, names) {
    const hierarchies = findHierarchies();
    const status = await forEach(names, hierarchies, () => {});
    if (status !== 0) return status;
    const show = async () => table(await measure(names.length > 0 ? names : running(hierarchies), hierarchies));
    if (!stream || !isatty(1)) put(await show());
    else for (;;) put(`\x1b[H\x1b[J${await show()}`);
    return 0;
  },
};

/** A container's line: what it uses, and how much of one CPU it used while it was looked at. */
export interface Line extends Usage {
  readonly name: string;
  readonly cpu: number | undefined;
  /** Bytes: its limit, or all that the machine has. */
  readonly most: number;
}

const SECOND = 1_000_000;

async function measure(names: readonly string[], hierarchies: readonly Hierarchy[]): Promise<Line[]> {
  const look = () => names.map((name) => ({ name, at: performance.now() * 1000, ...usage(name, hierarchies, told) }));
  const { memory } = thisMachine(hierarchies);
  const before = look();
  await sleep(SECOND / 1000);
  return look().flatMap(({ at, ...now }, nth) => {
    const then = before[nth];
    if (!then || (now.pids === undefined && !hierarchies.some(isNone))) return []; // it has ended
    const used = now.cpuTime === undefined || then.cpuTime === undefined ? undefined : now.cpuTime - then.cpuTime;
    return [{ ...now, cpu: used === undefined ? undefined : used / (at - then.at), most: now.memoryLimit ?? memory }];
  });
}

/** What `docker stats` shows of it. */
export function table(lines: readonly Line[]): string {
  const rows = lines.map(({ name, cpu, memory, most, pids }) => [
    name,
    percent(cpu),
    `${memory === undefined ? '--' : bytesSize(memory)} / ${bytesSize(most)}`,
    percent(memory === undefined ? undefined : memory / most),
    String(pids ?? '--'),
  ]);
  const all = [['NAME', 'CPU %', 'MEM USAGE / LIMIT', 'MEM %', 'PIDS'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('   ')
          .trimEnd()}\n`,
    )
    .join('');
}

function percent(part: number | undefined): string {
  return part === undefined ? '--' : `${(100 * part).toFixed(2)}%`;
}
