import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { cgroupPath, type Hierarchy, told, type Usage, usage } from 'step-10';
import { hierarchiesOf } from '../../cgroups/parent.ts';
import type { BoxRecord } from '../../containers/record.ts';
import { stateOf } from '../../containers/state.ts';

/** What a container has used until now. */
export interface Sample extends Usage {
  /** When that was, in microseconds. */
  readonly at: number;
  /** Bytes that all its interfaces but lo have received and sent. */
  readonly network: Traffic;
  /** Bytes read from disks, and written. */
  readonly disk: Traffic;
  /** Bytes of memory that it may have at most. */
  readonly most: number;
}

interface Traffic {
  readonly in: number;
  readonly out: number;
}

/** Looks at what a container has used; undefined if it doesn't run. */
export function measured(record: BoxRecord, all: readonly Hierarchy[]): Sample | undefined {
  const { pid } = stateOf(record);
  if (pid === 0) return undefined;
  const hierarchies = hierarchiesOf(record, all);
  const used = usage(record.id, hierarchies, told);
  const disks = hierarchies.flatMap((hierarchy) => {
    const file = hierarchy.version === 2 ? 'io.stat' : 'blkio.throttle.io_service_bytes';
    return told(join(cgroupPath(hierarchy, record.id), file)) ?? [];
  });
  return {
    ...used,
    at: performance.now() * 1000,
    network: interfaces(pid),
    disk: disks.map(traffic).reduce(sum, NONE),
    most: used.memoryLimit ?? totalmem(),
  };
}

const NONE: Traffic = { in: 0, out: 0 };

function sum(one: Traffic, other: Traffic): Traffic {
  return { in: one.in + other.in, out: one.out + other.out };
}

/** `8:0 rbytes=1 wbytes=2 …` of v2, or lines such as `8:0 Read 1` of v1. */
export function traffic(text: string): Traffic {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].reduce((total, [, bytes]) => total + Number(bytes), 0);
  return { in: all(/(?:rbytes=|^\d+:\d+ Read )(\d+)/gm), out: all(/(?:wbytes=|^\d+:\d+ Write )(\d+)/gm) };
}

/** What proc_pid_net(5) says in `dev`: after the name, received bytes come first, and sent ones ninth. */
export function interfacesIn(text: string): Traffic {
  const lines = text.split('\n').flatMap((line) => {
    const [, name, numbers = ''] = /^\s*([^:|]+):(.*)$/.exec(line) ?? [];
    const all = numbers.trim().split(/\s+/).map(Number);
    return name === undefined || name === 'lo' ? [] : [{ in: all[0] ?? 0, out: all[8] ?? 0 }];
  });
  return lines.reduce(sum, NONE);
}

function interfaces(pid: number): Traffic {
  try {
    return interfacesIn(readFileSync(`/proc/${pid}/net/dev`, 'utf8'));
  } catch {
    return NONE; // it has ended
  }
}
