import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AT_FDCWD,
  BPF_CGROUP_DEVICE,
  BPF_INSN_BYTES,
  BPF_OBJ_GET_INFO_BY_FD,
  BPF_PROG_GET_FD_BY_ID,
  BPF_PROG_QUERY,
  type BpfInsn,
  bpf,
  close,
  decodeProgram,
  O_CLOEXEC,
  O_DIRECTORY,
  O_RDONLY,
  openat,
  perform,
  runProgram,
  type SyscallError,
} from 'shared-native';
import type { Hierarchy } from 'step-09';
import { asked } from '../devices/program.ts';
import { allows, deviceRule, type Request } from '../devices/rules.ts';

/** What stands between a container and the devices: v1's list, v2's programs, or nothing. */
export type DeviceControl =
  | { readonly by: 'list'; readonly rules: readonly string[] }
  | { readonly by: 'program'; readonly programs: readonly (readonly BpfInsn[])[] }
  | { readonly by: 'nothing' }
  | { readonly by: 'unknown'; readonly why: string };

/** Of a container's cgroups, what they say of devices. */
export function deviceControl(
  cgroups: readonly { readonly directory: string; readonly hierarchy: Hierarchy }[],
): DeviceControl {
  const list = cgroups.map(({ directory }) => join(directory, 'devices.list')).find(existsSync);
  if (list !== undefined) return { by: 'list', rules: readFileSync(list, 'utf8').trim().split('\n').filter(Boolean) };
  const v2 = cgroups.find(({ hierarchy }) => hierarchy.version === 2);
  if (!v2) return { by: 'nothing' };
  try {
    const programs = programsOf(v2.directory);
    return programs.length > 0 ? { by: 'program', programs } : { by: 'nothing' };
  } catch (error) {
    return { by: 'unknown', why: (error as SyscallError).message };
  }
}

/** May a device be used, as far as cgroups go? Undefined where that isn't known. */
export function mayUse(control: DeviceControl, request: Request): boolean | undefined {
  switch (control.by) {
    case 'nothing':
      return true;
    case 'unknown':
      return undefined;
    case 'list':
      return allows(control.rules.map(deviceRule), request);
    case 'program':
      return control.programs.every((program) => runProgram(program, asked(request)) === 1);
  }
}

const MOST_PROGRAMS = 64;
const MOST_INSTRUCTIONS = 4096;

// #region read back from the kernel
/** The programs that the kernel asks about a cgroup's devices, as it keeps them. @throws {SyscallError} EPERM */
function programsOf(cgroup: string): BpfInsn[][] {
  const directory = perform(openat(AT_FDCWD, cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  try {
    const ids = new Uint32Array(MOST_PROGRAMS);
    const prog_ids = new Uint8Array(ids.buffer);
    perform(bpf(BPF_PROG_QUERY, { target_fd: directory, attach_type: BPF_CGROUP_DEVICE, prog_ids }));
    return Array.from(ids)
      .filter((id) => id !== 0)
      .map(instructionsOf);
  } finally {
    perform(close(directory));
  }
}

function instructionsOf(prog_id: number): BpfInsn[] {
  const program = perform(bpf(BPF_PROG_GET_FD_BY_ID, { prog_id }));
  try {
    const xlated_prog_insns = new Uint8Array(MOST_INSTRUCTIONS * BPF_INSN_BYTES);
    perform(bpf(BPF_OBJ_GET_INFO_BY_FD, { bpf_fd: program, xlated_prog_insns }));
    const insns = decodeProgram(xlated_prog_insns);
    return insns.slice(0, insns.findLastIndex(({ code }) => code !== 0) + 1);
  } finally {
    perform(close(program));
  }
}
// #endregion
