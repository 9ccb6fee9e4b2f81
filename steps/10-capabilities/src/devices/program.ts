import {
  BPF_ALU64,
  BPF_DEVCG_ACC_MKNOD,
  BPF_DEVCG_ACC_READ,
  BPF_DEVCG_ACC_WRITE,
  BPF_DEVCG_DEV_BLOCK,
  BPF_DEVCG_DEV_CHAR,
  BPF_EXIT,
  BPF_H,
  BPF_JMP,
  BPF_JNE,
  BPF_JSET,
  BPF_K,
  BPF_LDX,
  BPF_MEM,
  BPF_MOV,
  BPF_W,
  type BpfInsn,
} from 'shared-native';
import type { Access, DeviceRule, Request } from './rules.ts';

const TYPES = { b: BPF_DEVCG_DEV_BLOCK, c: BPF_DEVCG_DEV_CHAR } as const;
const ACCESSES = { r: BPF_DEVCG_ACC_READ, w: BPF_DEVCG_ACC_WRITE, m: BPF_DEVCG_ACC_MKNOD } as const;
const ALL = BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE | BPF_DEVCG_ACC_MKNOD;

/** The registers, by content. r0 is the answer: 1 to allow, 0 to refuse. r1 points to the question. */
const [ANSWER, ASKED, TYPE, ACCESS, MAJOR, MINOR] = [0, 1, 2, 3, 4, 5];

// #region rules become a program
/**
 * The program that the kernel runs in cgroup v2 whenever a process in the cgroup opens a device or makes a node. It tries the
 * rules one after another, and the first one that matches allows the access. The question is a struct bpf_cgroup_dev_ctx: two
 * bytes of type, two of access, four of each number.
 */
export function deviceProgram(rules: readonly DeviceRule[]): BpfInsn[] {
  return [
    { code: BPF_LDX | BPF_MEM | BPF_H, dst_reg: TYPE, src_reg: ASKED, off: 0 },
    { code: BPF_LDX | BPF_MEM | BPF_H, dst_reg: ACCESS, src_reg: ASKED, off: 2 },
    { code: BPF_LDX | BPF_MEM | BPF_W, dst_reg: MAJOR, src_reg: ASKED, off: 4 },
    { code: BPF_LDX | BPF_MEM | BPF_W, dst_reg: MINOR, src_reg: ASKED, off: 8 },
    answer(1),
    ...rules.flatMap(ifItFits),
    answer(0),
    EXIT,
  ];
}

/**
 * The instructions of one rule. They end the program if it matches, and otherwise go on to the instruction after them. A rule
 * matches if it has the device's type and numbers (null is any number), and allows every access that is asked for: opening for
 * reading and writing asks for both. Type `a` always matches. TYPE, ACCESS, MAJOR and MINOR are loaded, and ANSWER is 1; the
 * following rules need them all, too. All jumps must lead forward: kernels before 5.3 refuse any other.
 */
export function ifItFits({ type, major, minor, access }: DeviceRule): BpfInsn[] {
  // #region task 5: a rule becomes jumps
  if (type === 'a') return [EXIT];
  const beyond = ALL & ~accessBits(access);
  const tests = [
    { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: TYPE, imm: TYPES[type] },
    ...(beyond === 0 ? [] : [{ code: BPF_JMP | BPF_JSET | BPF_K, dst_reg: ACCESS, imm: beyond }]),
    ...(major === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MAJOR, imm: major }]),
    ...(minor === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MINOR, imm: minor }]),
  ];
  return [...tests.map((test, index) => ({ ...test, off: tests.length - index })), EXIT];
  // #endregion
}
// #endregion

const EXIT: BpfInsn = { code: BPF_JMP | BPF_EXIT };

/** The question that r1 points to. */
export function asked({ type, major, minor, access }: Request): Uint8Array {
  return new Uint8Array(new Uint32Array([(accessBits(access) << 16) | TYPES[type], major, minor]).buffer);
}

function answer(imm: 0 | 1): BpfInsn {
  return { code: BPF_ALU64 | BPF_MOV | BPF_K, dst_reg: ANSWER, imm };
}

function accessBits(access: Access): number {
  return [...access].reduce((bits, one) => bits | ACCESSES[one as keyof typeof ACCESSES], 0);
}
