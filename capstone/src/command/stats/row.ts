import { bytesSize, humanSize, type Layout, type Row } from 'step-10';
import type { BoxRecord } from '../../containers/record.ts';
import type { Sample } from './sample.ts';

/** How `stats` prints. */
export const LAYOUT: Layout = {
  headings: {
    ...{ Container: 'CONTAINER', Name: 'NAME', ID: 'CONTAINER ID', CPUPerc: 'CPU %', MemUsage: 'MEM USAGE / LIMIT' },
    ...{ MemPerc: 'MEM %', NetIO: 'NET I/O', BlockIO: 'BLOCK I/O', PIDs: 'PIDS' },
  },
  shown: ['ID', 'Name', 'CPUPerc', 'MemUsage', 'MemPerc', 'NetIO', 'BlockIO', 'PIDs'],
  type: '*container.statsContext',
};

/** What there is of a container for a template of `stats`. @param before - what it had used the last time */
export function rowOf(
  { id, name }: BoxRecord,
  now: Sample | undefined,
  before: Sample | undefined,
  trunc: boolean,
): Row {
  const ID = trunc ? id.slice(0, 12) : id;
  const { memory, pids, most = 0 } = now ?? {};
  const ratio = (part: number | undefined, whole = 1) => `${((100 * (part ?? 0)) / (whole || 1)).toFixed(2)}%`;
  return {
    BlockIO: now ? both(now.disk) : '0B / 0B',
    CPUPerc: ratio(used(now, before)),
    Container: ID,
    ID,
    MemPerc: ratio(memory, most),
    MemUsage: `${bytesSize(memory ?? 0)} / ${bytesSize(most)}`,
    Name: name,
    NetIO: now ? both(now.network) : '0B / 0B',
    PIDs: String(pids ?? 0),
  };
}

/** How much of a CPU, on average between two looks. */
function used(now?: Sample, before?: Sample): number {
  if (now?.cpuTime === undefined || before?.cpuTime === undefined || now.cpuTime < before.cpuTime) return 0;
  return (now.cpuTime - before.cpuTime) / (now.at - before.at);
}

function both({ in: read, out }: Sample['disk']): string {
  return `${humanSize(read)} / ${humanSize(out)}`;
}
