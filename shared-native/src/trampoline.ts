import { type Machine, thisMachine } from './kernel/syscall-numbers.ts';
import { loadCode } from './machine/memory.ts';

/**
 * The code that a child runs instead of JavaScript: it makes the calls of a program one after another, and leaves
 * with status 127 at the first that fails. It is entered as a C function whose one argument is the address of the
 * first record (see `RECORD` in program.ts for the offsets), and it touches nothing but records and registers.
 *
 * One line an instruction: its bytes, and what an assembler makes them from.
 */
export const TRAMPOLINE: Readonly<Record<Machine, readonly (readonly [bytes: string, assembly: string])[]>> = {
  // #region the x86-64 trampoline
  x64: [
    ['48 89 fb', 'mov rbx, rdi'], //              rbx: this record
    ['48 8b 7b 08', '1: mov rdi, [rbx+8]'], //    six times: the pointer to a cell, then what the cell holds,
    ['48 8b 3f', 'mov rdi, [rdi]'], //            which may be the result of an earlier call
    ['48 8b 73 10', 'mov rsi, [rbx+16]'],
    ['48 8b 36', 'mov rsi, [rsi]'],
    ['48 8b 53 18', 'mov rdx, [rbx+24]'],
    ['48 8b 12', 'mov rdx, [rdx]'],
    ['4c 8b 53 20', 'mov r10, [rbx+32]'],
    ['4d 8b 12', 'mov r10, [r10]'],
    ['4c 8b 43 28', 'mov r8, [rbx+40]'],
    ['4d 8b 00', 'mov r8, [r8]'],
    ['4c 8b 4b 30', 'mov r9, [rbx+48]'],
    ['4d 8b 09', 'mov r9, [r9]'],
    ['48 8b 03', 'mov rax, [rbx]'],
    ['0f 05', 'syscall'],
    ['48 89 43 38', 'mov [rbx+56], rax'], //      the parent reads it: this memory is shared until execve
    ['48 83 c3 50', 'add rbx, 80'],
    ['48 3b 43 f0', 'cmp rax, [rbx-16]'], //      the least result that is success
    ['7d c3', 'jge 1b'],
    ['48 3b 43 f8', 'cmp rax, [rbx-8]'], //       the one error that is fine
    ['74 bd', 'je 1b'],
    ['bf 7f 00 00 00', 'mov edi, 127'],
    ['b8 e7 00 00 00', 'mov eax, 231'], //        exit_group
    ['0f 05', 'syscall'],
  ],
  // #endregion
  arm64: [
    ['f3 03 00 aa', 'mov x19, x0'], //            x19: this record
    ['60 86 40 a9', '1: ldp x0, x1, [x19, #8]'], // the six pointers to cells
    ['62 8e 41 a9', 'ldp x2, x3, [x19, #24]'],
    ['64 96 42 a9', 'ldp x4, x5, [x19, #40]'],
    ['00 00 40 f9', 'ldr x0, [x0]'], //           what the cells hold
    ['21 00 40 f9', 'ldr x1, [x1]'],
    ['42 00 40 f9', 'ldr x2, [x2]'],
    ['63 00 40 f9', 'ldr x3, [x3]'],
    ['84 00 40 f9', 'ldr x4, [x4]'],
    ['a5 00 40 f9', 'ldr x5, [x5]'],
    ['68 02 40 f9', 'ldr x8, [x19]'],
    ['01 00 00 d4', 'svc #0'],
    ['60 1e 00 f9', 'str x0, [x19, #56]'],
    ['61 0a 44 a9', 'ldp x1, x2, [x19, #64]'], // the least result that is success, and the one error that is fine
    ['73 42 01 91', 'add x19, x19, #80'],
    ['1f 00 01 eb', 'cmp x0, x1'],
    ['2a fe ff 54', 'b.ge 1b'],
    ['1f 00 02 eb', 'cmp x0, x2'],
    ['e0 fd ff 54', 'b.eq 1b'],
    ['e0 0f 80 d2', 'mov x0, #127'],
    ['c8 0b 80 d2', 'mov x8, #94'], //            exit_group
    ['01 00 00 d4', 'svc #0'],
  ],
};

/** The machine code, as bytes. */
export function machineCode(machine: Machine): Uint8Array {
  return Buffer.from(TRAMPOLINE[machine].map(([bytes]) => bytes.replaceAll(' ', '')).join(''), 'hex');
}

let address: number | undefined;

/** Where this process has the trampoline: loaded once, at its first use. */
export function trampoline(): number {
  address ??= loadCode(machineCode(thisMachine()));
  return address;
}
