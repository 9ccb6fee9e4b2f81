import { type BpfInsn, encodeProgram } from '../bpf/instruction.ts';
import { type Argument, type Call, type Fd, type Field, makeCall } from '../call.ts';
import {
  BPF_OBJ_GET_INFO_BY_FD,
  BPF_PROG_ATTACH,
  BPF_PROG_GET_FD_BY_ID,
  BPF_PROG_LOAD,
  BPF_PROG_QUERY,
} from '../kernel/constants.ts';
import { bytes, fd, flags, int, pointer, room, sizeOf, struct, text, u32, uint } from './arguments.ts';
import { manual } from './manual.ts';

/** What bpf(2) takes for each command, by the names of union bpf_attr in <linux/bpf.h>. */
export interface BpfAttributes {
  /** Checks a program, and gives a descriptor of it. */
  readonly [BPF_PROG_LOAD]: {
    readonly prog_type: number;
    readonly insns: readonly BpfInsn[];
    readonly license: string;
  };
  /** Has the kernel ask a program from now on: here, one of a cgroup and of all below it. */
  readonly [BPF_PROG_ATTACH]: {
    readonly target_fd: Fd;
    readonly attach_bpf_fd: Fd;
    readonly attach_type: number;
    readonly attach_flags: number;
  };
  /** Writes the numbers of the programs that are attached to a cgroup into `prog_ids`, 4 bytes each. */
  readonly [BPF_PROG_QUERY]: {
    readonly target_fd: Fd;
    readonly attach_type: number;
    readonly prog_ids: Uint8Array;
  };
  /** Gives a descriptor of a program that has this number. */
  readonly [BPF_PROG_GET_FD_BY_ID]: { readonly prog_id: number };
  /** Writes a program's instructions into `xlated_prog_insns`, as many as there is room for. */
  readonly [BPF_OBJ_GET_INFO_BY_FD]: { readonly bpf_fd: Fd; readonly xlated_prog_insns: Uint8Array };
}

manual('bpf', {
  words: ({ cmd = '', attr = '' }) => WORDS[cmd]?.(attr) ?? `${cmd}: ${attr}`,
  errors: {
    EPERM:
      'this takes CAP_BPF and CAP_NET_ADMIN (before Linux 5.8 CAP_SYS_ADMIN) in the first user namespace, or a cgroup above has a program that allows none below it; run as root of the host',
    EACCES: 'the verifier refuses the program: it reads what it may not, or may not come to an end; look at each jump',
    EINVAL:
      'the kernel knows no such command, program type or instruction, or the descriptor is of no cgroup v2; check them',
    E2BIG: 'the program has too many instructions, or a newer kernel is needed for one of these attributes',
    ENOSYS: 'the kernel was built without bpf(2) (CONFIG_BPF_SYSCALL); use another',
    EBADF: 'a descriptor is not open; open it first',
    ENOENT: 'there is no program of this number any more; ask again which there are',
    ENOSPC: 'more programs are attached than there is room for; make prog_ids larger',
    ENOMEM: 'the kernel found no memory for the program; free some',
  },
});

const WORDS: Readonly<Record<string, (attr: string) => string>> = {
  BPF_PROG_LOAD: () =>
    'give the kernel a program, which it checks: one that might not end, or reads what it may not, is refused',
  BPF_PROG_ATTACH: () =>
    'from here on, the kernel asks the program whenever a process of the cgroup, or below it, opens or makes a device',
  BPF_PROG_QUERY: () => 'ask which programs are attached to a cgroup',
  BPF_PROG_GET_FD_BY_ID: (attr) => `open the program ${attr}`,
  BPF_OBJ_GET_INFO_BY_FD: () => 'read the instructions of a program that the kernel has',
};

/**
 * Works with programs that run in the kernel (eBPF).
 *
 * @param cmd - BPF_PROG_LOAD, BPF_PROG_ATTACH, BPF_PROG_QUERY, BPF_PROG_GET_FD_BY_ID or BPF_OBJ_GET_INFO_BY_FD
 * @param attr - what the command takes. A descriptor may be the call that opens it where the calls are made one by one,
 *   as the model does; laid out in memory, a struct can't wait for a call
 * @throws {RangeError} if a number doesn't fit
 * @see {@link https://man7.org/linux/man-pages/man2/bpf.2.html | bpf(2)}
 */
export function bpf<C extends keyof BpfAttributes>(cmd: C, attr: BpfAttributes[C]): Call {
  const fields = (FIELDS[cmd] as (attr: BpfAttributes[C]) => Record<string, Field>)(attr);
  return makeCall('bpf', {
    cmd: int('cmd', cmd, 'bpf='),
    attr: struct('bpf_attr', fields),
    size: uint('size', sizeOf(fields)),
  });
}

const FIELDS: { [C in keyof BpfAttributes]: (attr: BpfAttributes[C]) => Record<string, Field> } = {
  [BPF_PROG_LOAD]: ({ prog_type, insns, license }) => ({
    prog_type: u32('prog_type', prog_type, 'BPF_PROG_TYPE='),
    insn_cnt: u32('insn_cnt', insns.length),
    insns: pointer(bytes(encodeProgram(insns))),
    license: pointer(text('license', license)),
  }),
  [BPF_PROG_ATTACH]: ({ target_fd, attach_bpf_fd, attach_type, attach_flags }) => ({
    target_fd: descriptor('target_fd', target_fd),
    attach_bpf_fd: descriptor('attach_bpf_fd', attach_bpf_fd),
    attach_type: u32('attach_type', attach_type, 'BPF_CGROUP='),
    attach_flags: { bytes: 4, value: flags('attach_flags', attach_flags, 'BPF_F') },
  }),
  [BPF_PROG_QUERY]: ({ target_fd, attach_type, prog_ids }) => ({
    target_fd: descriptor('target_fd', target_fd),
    attach_type: u32('attach_type', attach_type, 'BPF_CGROUP='),
    query_flags: u32('query_flags', 0),
    attach_flags: u32('attach_flags', 0),
    prog_ids: pointer(room(prog_ids)),
    prog_cnt: u32('prog_cnt', prog_ids.length / 4),
  }),
  [BPF_PROG_GET_FD_BY_ID]: ({ prog_id }) => ({ prog_id: u32('prog_id', prog_id) }),
  [BPF_OBJ_GET_INFO_BY_FD]: ({ bpf_fd, xlated_prog_insns }) => {
    const info = programInfo(xlated_prog_insns);
    return {
      bpf_fd: descriptor('bpf_fd', bpf_fd),
      info_len: u32('info_len', sizeOf(info)),
      info: pointer(struct('bpf_prog_info', info)),
    };
  },
};

/** The beginning of struct bpf_prog_info: the kernel is told where there is room, and fills that. */
function programInfo(insns: Uint8Array): Record<string, Field> {
  return {
    type: u32('type', 0),
    id: u32('id', 0),
    tag: { bytes: 8, value: int('tag', 0) },
    jited_prog_len: u32('jited_prog_len', 0),
    xlated_prog_len: u32('xlated_prog_len', insns.length),
    jited_prog_insns: pointer({ kind: 'null' }),
    xlated_prog_insns: pointer(room(insns)),
  };
}

function descriptor(name: string, value: Fd): Field {
  return { bytes: 4, value: fd(name, value) as Argument };
}
