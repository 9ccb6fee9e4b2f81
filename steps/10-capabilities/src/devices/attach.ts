import { posix } from 'node:path';
import {
  AT_FDCWD,
  BPF_CGROUP_DEVICE,
  BPF_F_ALLOW_MULTI,
  BPF_PROG_ATTACH,
  BPF_PROG_LOAD,
  BPF_PROG_TYPE_CGROUP_DEVICE,
  bpf,
  type Call,
  close,
  type Fd,
  O_CLOEXEC,
  O_DIRECTORY,
  O_RDONLY,
  openat,
  perform,
} from 'shared-native';
import { newDeed } from 'step-09';
import { deviceProgram } from './program.ts';
import { type DeviceRule, ruleText } from './rules.ts';

/** A cgroup of v2, and what its processes may do to devices. */
interface Attachment {
  readonly cgroup: string;
  readonly rules: readonly DeviceRule[];
}

// #region the kernel asks a program
/**
 * Has the kernel ask a program about each device that a process of a cgroup, or of one below it, opens or makes. It keeps the
 * program until the cgroup is removed, so there is nothing to undo. Each program above has to allow it as well.
 *
 * @param make - makes a call, or notes it down; what it returns stands for the descriptor
 */
function attach({ cgroup, rules }: Attachment, make: (call: Call) => Fd): void {
  const directory = make(openat(AT_FDCWD, cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const insns = deviceProgram(rules);
  const program = make(bpf(BPF_PROG_LOAD, { prog_type: BPF_PROG_TYPE_CGROUP_DEVICE, insns, license: 'MIT' }));
  const type = { attach_type: BPF_CGROUP_DEVICE, attach_flags: BPF_F_ALLOW_MULTI };
  make(bpf(BPF_PROG_ATTACH, { target_fd: directory, attach_bpf_fd: program, ...type }));
  make(close(program));
  make(close(directory));
}
// #endregion

/** The same as a deed of the host's. */
export const attachProgram = newDeed<Attachment>('attach-device-program', {
  asShell({ cgroup, rules }) {
    const allows = `${deviceProgram(rules).length} instructions, which allow ${rules.map(ruleText).join(', ')}`;
    return `bpftool cgroup attach ${cgroup} cgroup_device pinned /sys/fs/bpf/${posix.basename(cgroup)}  # ${allows}`;
  },
  carryOut: (of) => attach(of, perform),
  calls(of) {
    const calls: Call[] = [];
    attach(of, (call) => {
      calls.push(call);
      return call;
    });
    return calls;
  },
});
