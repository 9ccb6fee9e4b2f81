import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBack } from '../src/engine/read-back.ts';

let cgroup: string;
beforeAll(() => {
  cgroup = mkdtempSync(join(tmpdir(), 'boxstep-read-back-'));
  writeFileSync(join(cgroup, 'cgroup.procs'), '');
});
afterAll(() => rmSync(cgroup, { recursive: true }));

/** Writes to a file that then says something else. */
const kept = (file: string, text: string, says: string) => () => {
  writeFileSync(join(cgroup, file), says);
  readBack(text, join(cgroup, file));
};

test.each([
  ['cpu.shares', '1', '2\n', 'takes 1, and makes 2 of it'],
  ['cpu.shares', '1000000', '262144\n', 'takes 1000000, and makes 262144 of it'],
  ['memory.limit_in_bytes', '18014398509481984000', '9223372036854771712\n', 'makes 9223372036854771712 of it'],
  ['blkio.throttle.read_iops_device', '8:0 4294967297', '7:0 5\n8:0 1\n', 'makes 1 of it'],
  ['io.max', '8:0 riops=4294967297', '8:0 rbps=max wbps=max riops=max wiops=max\n', 'makes max of it'],
])('%s, to which %s was written and which keeps another, is an error', (file, text, says, message) => {
  expect(kept(file, text, says)).toThrow(message);
});

test.each([
  ['cpu.shares', '1024', '1024\n'],
  ['memory.max', '67108865', '67108864\n'], // whole pages
  ['memory.memsw.limit_in_bytes', '-1', '9223372036854771712\n'],
  ['pids.max', 'max', 'max\n'],
  ['io.max', '8:0 wbps=1048576', '8:0 rbps=max wbps=1048576 riops=max wiops=max\n'],
  ['io.bfq.weight', '500', 'default 500\n'],
  ['cpuset.cpus', '0,1', '0-1\n'],
  ['blkio.throttle.read_bps_device', '8:0 0', ''],
])('%s, to which %s was written, is what was asked for', (file, text, says) => {
  expect(kept(file, text, says)).not.toThrow();
});
