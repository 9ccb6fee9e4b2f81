import * as previous from 'step-05';
import { defaultRootfsPath, type Step } from 'step-05';
import { execCommand } from './exec/command.ts';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';

export * from 'step-05';
export * from './exec/cgroups.ts';
export * from './exec/command.ts';
export * from './exec/namespaces.ts';
export { statusOf, whyNoExec } from './exec/not-begun.ts';
export { type ExecFlags, type ExecOptions, execFlags, execOptions } from './exec/options.ts';
export { execPlan, wayIn } from './exec/plan.ts';
export * from './ipc.ts';
export * from './modes.ts';
export { type Flags, type Options, options, read } from './options.ts';
export { plan } from './plan.ts';

/** Step 06 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-06',
  title: 'ipc, and joining a container',
  options,
  read,
  plan,
  commands: [...previous.step.commands, execCommand()],
  prepare: async (options, say) => ({ ...options, ...(await previous.step.prepare(options, say)) }),
  demo: () => [
    {
      says: 'Shared memory, queues and System V objects of its own, of which the host sees nothing:',
      run: [
        ...['--network', 'none', '--shm-size', '1m', defaultRootfsPath(), 'sh', '-c'],
        'echo hello > /dev/shm/page; ls /dev/shm /dev/mqueue; df -k /dev/shm | tail -n 1; wc -l < /proc/sysvipc/shm',
      ],
    },
    {
      says: 'And with what the host has: its shared memory, its processes, its name:',
      run: [
        ...['--network', 'none', '--ipc', 'host', '--pid', 'host', '--uts', 'host', defaultRootfsPath(), 'sh', '-c'],
        'hostname; cat /proc/1/comm; ls -d /dev/shm',
      ],
    },
  ],
};
