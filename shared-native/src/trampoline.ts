import { type Machine, thisMachine } from './kernel/syscall-numbers.ts';
import { loadCode } from './machine/memory.ts';

/**
 * The code that a child runs instead of JavaScript: it makes the call of one record after another, and each record says
 * which is next if its call succeeds, and which if it fails. It is entered as a C function whose one argument is the
 * address of the first (see `RECORD` in program.ts for the offsets), and it touches nothing but records and registers.
 *
 * One line an instruction: its bytes, and what an assembler makes them from.
 */
export const TRAMPOLINE: Readonly<Record<Machine, readonly (readonly [bytes: string, assembly: string])[]>> = {
  // #region the x86-64 trampoline
  x64: [
    ['48 89 fb', 'mov rbx, rdi'], //              rbx: this record
    ['48 8b 7b 10', '1: mov rdi, [rbx+16]'], //   six times: the pointer to a cell, then what the cell holds,
    ['48 8b 3f', 'mov rdi, [rdi]'], //            which may be the result of an earlier call
    ['48 8b 73 18', 'mov rsi, [rbx+24]'],
    ['48 8b 36', 'mov rsi, [rsi]'],
    ['48 8b 53 20', 'mov rdx, [rbx+32]'],
    ['48 8b 12', 'mov rdx, [rdx]'],
    ['4c 8b 53 28', 'mov r10, [rbx+40]'],
    ['4d 8b 12', 'mov r10, [r10]'],
    ['4c 8b 43 30', 'mov r8, [rbx+48]'],
    ['4d 8b 00', 'mov r8, [r8]'],
    ['4c 8b 4b 38', 'mov r9, [rbx+56]'],
    ['4d 8b 09', 'mov r9, [r9]'],
    ['48 8b 43 08', 'mov rax, [rbx+8]'],
    ['0f 05', 'syscall'],
    ['48 89 03', 'mov [rbx], rax'], //            the parent reads it: this memory is shared until execve
    ['48 3b 43 40', 'cmp rax, [rbx+64]'], //      the least result that is success
    ['7d 0a', 'jge 2f'],
    ['48 3b 43 48', 'cmp rax, [rbx+72]'], //      the one error that is fine
    ['74 04', 'je 2f'],
    ['48 83 c3 08', 'add rbx, 8'], //             it failed: what is loaded below is `other`, and not `next`
    ['48 8b 5b 50', '2: mov rbx, [rbx+80]'],
    ['eb b7', 'jmp 1b'],
  ],
  // #endregion
  arm64: [
    ['f3 03 00 aa', 'mov x19, x0'], //            x19: this record
    ['60 06 41 a9', '1: ldp x0, x1, [x19, #16]'], // the six pointers to cells
    ['62 0e 42 a9', 'ldp x2, x3, [x19, #32]'],
    ['64 16 43 a9', 'ldp x4, x5, [x19, #48]'],
    ['00 00 40 f9', 'ldr x0, [x0]'], //           what the cells hold
    ['21 00 40 f9', 'ldr x1, [x1]'],
    ['42 00 40 f9', 'ldr x2, [x2]'],
    ['63 00 40 f9', 'ldr x3, [x3]'],
    ['84 00 40 f9', 'ldr x4, [x4]'],
    ['a5 00 40 f9', 'ldr x5, [x5]'],
    ['68 06 40 f9', 'ldr x8, [x19, #8]'],
    ['01 00 00 d4', 'svc #0'],
    ['60 02 00 f9', 'str x0, [x19]'],
    ['61 0a 44 a9', 'ldp x1, x2, [x19, #64]'], // the least result that is success, and the one error that is fine
    ['1f 00 01 eb', 'cmp x0, x1'],
    ['8a 00 00 54', 'b.ge 2f'],
    ['1f 00 02 eb', 'cmp x0, x2'],
    ['40 00 00 54', 'b.eq 2f'],
    ['73 22 00 91', 'add x19, x19, #8'], //       it failed: what is loaded below is `other`, and not `next`
    ['73 2a 40 f9', '2: ldr x19, [x19, #80]'],
    ['ed ff ff 17', 'b 1b'],
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
