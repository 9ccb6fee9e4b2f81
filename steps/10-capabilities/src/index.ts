import * as previous from 'step-09';
import { defaultRootfsPath, type Ended, type Step } from 'step-09';
import { auditAtStart, auditCommand } from './command/audit.ts';
import { devicesCommand } from './command/devices.ts';
import { execCommand } from './command/exec.ts';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';

export * from 'step-09';
export { allowed } from './allowed.ts';
export { mountsIn } from './audit/mounts.ts';
export { bound, CAPABILITIES, capability, DEFAULT, keep, kept, namesIn } from './capabilities.ts';
export { execPlan } from './command/exec.ts';
export { attachProgram } from './devices/attach.ts';
export type { Device } from './devices/device.ts';
export { DEFAULT_RULES, type DeviceRule, EVERYTHING, merged, ruleText } from './devices/rules.ts';
export { thisKernel } from './kernel.ts';
export { type Confinement, type Flags, type Options, options, read } from './options.ts';
export { plan } from './plan.ts';
export { filterFor } from './seccomp/filter.ts';
export type { Filter } from './seccomp/kept.ts';
export { setSysctls } from './sysctls.ts';

/** Step 10 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-10',
  title: 'what root can’t do: capabilities, seccomp, devices',
  options,
  read,
  plan,
  async prepare(options, say) {
    for (const one of options.security.ignored)
      say(`--security-opt ${one} has no effect: this course uses neither AppArmor nor SELinux`);
    return { ...options, ...(await previous.step.prepare(options, say)) };
  },
  attach(container, options, gone) {
    const attached = previous.step.attach?.(container, options, gone);
    if (!options.audit) return attached;
    const said = auditAtStart(container).catch(gone);
    return { end: async () => void (await Promise.all([attached?.end(), said])) };
  },
  report: (ended, options) => [...previous.step.report(ended, options), ...byProfile(ended, options)],
  commands: [
    ...previous.step.commands.filter(({ name }) => name !== 'exec'),
    execCommand(),
    auditCommand,
    devicesCommand,
  ],
  demo: () => [
    {
      says: 'Root, with 14 capabilities of 41, and a filter in front of its system calls:',
      run: ['--network', 'none', defaultRootfsPath(), 'grep', '-E', 'Cap|Seccomp', '/proc/self/status'],
    },
    {
      says: 'What it has no capability for, or no call, or no mount that can be written, is refused:',
      run: [
        ...['--network', 'none', defaultRootfsPath(), 'sh', '-c'],
        'mount -t tmpfs none /mnt; unshare -U true; dmesg; hostname other; echo 0 > /proc/sys/kernel/panic; :',
      ],
    },
    {
      says: 'Without any capability, root is a user like any other:',
      run: [
        ...['--network', 'none', '--cap-drop', 'ALL', defaultRootfsPath(), 'sh', '-c'],
        'touch /tmp/file; chown 33 /tmp/file; chroot / true; :',
      ],
    },
  ],
};

/** What a filter did, where nothing else says so: one that kills leaves the signal alone. */
function byProfile({ signal, failure }: Ended, { security }: Options): string[] {
  if (!security.seccomp) return [];
  if (signal === 'SIGSYS') return ['it made a call for which the seccomp profile kills (seccomp(2))'];
  const isRefused = failure?.call.name !== 'execve' && (failure?.code === 'EPERM' || failure?.code === 'ENOSYS');
  return isRefused ? [PASSES] : [];
}

const PASSES =
  'if it is the seccomp profile that refuses this call: let the profile allow it, or give --security-opt no-new-privileges, with which only execve has to pass it';
