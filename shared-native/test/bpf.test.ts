import { describe, expect, test } from 'vitest';
import { type BpfInsn, decodeProgram, disassemble, encodeProgram, runProgram } from '../src/bpf/bpf.ts';
import type { Call } from '../src/call.ts';
import { bpf } from '../src/calls/bpf.ts';
import * as c from '../src/kernel/constants.ts';
import { layOut, RECORD } from '../src/program.ts';

const LOAD_HALF = c.BPF_LDX | c.BPF_MEM | c.BPF_H;
const LOAD_WORD = c.BPF_LDX | c.BPF_MEM | c.BPF_W;
const SET = c.BPF_ALU64 | c.BPF_MOV | c.BPF_K;
const AND = c.BPF_ALU64 | c.BPF_AND | c.BPF_K;
const UNLESS = c.BPF_JMP | c.BPF_JNE | c.BPF_K;
const IF = c.BPF_JMP | c.BPF_JEQ | c.BPF_K;
const GO = c.BPF_JMP | c.BPF_JA;
const EXIT: BpfInsn = { code: c.BPF_JMP | c.BPF_EXIT };
const CONTEXT = new Uint8Array([2, 0, 6, 0, 1, 0, 0, 0, 3, 0, 0, 128]);

const run = (...program: BpfInsn[]) => runProgram([...program, EXIT], CONTEXT);

test('an instruction is eight bytes: code, two registers in one, offset, number', () => {
  const program = [{ code: UNLESS, dst_reg: 4, src_reg: 3, off: -2, imm: 136 }];
  expect(Buffer.from(encodeProgram(program)).toString('hex')).toBe('5534feff88000000');
  expect(decodeProgram(encodeProgram(program))).toEqual(program);
});

test.each([
  ['a register that there is not', { code: SET, dst_reg: 11 }, /insns\[0\].dst_reg must be .* from 0 to 10/],
  ['a jump that is too far', { code: GO, off: 0x8000 }, /insns\[0\].off must be/],
  ['a number of more than 32 bits', { code: SET, imm: 2 ** 32 }, /insns\[0\].imm must be/],
])('%s is refused', (_, insn, message) => {
  expect(() => encodeProgram([insn])).toThrow(message);
});

describe('a program that is run', () => {
  test('reads halves and words of what r1 points to', () => {
    expect(run({ code: LOAD_HALF, dst_reg: 0, src_reg: 1, off: 2 })).toBe(6);
    expect(run({ code: LOAD_WORD, dst_reg: 0, src_reg: 1, off: 8 })).toBe(0x8000_0003);
  });

  test('has numbers of 64 bits, to which those of an instruction are widened with their sign', () => {
    const loaded = { code: LOAD_WORD, dst_reg: 0, src_reg: 1, off: 8 };
    expect(run(loaded, { code: AND, imm: 0x8000_0000 })).toBe(0x8000_0000);
    expect(run(loaded, { code: UNLESS, imm: 0x8000_0003, off: 1 }, EXIT, { code: SET, imm: 7 })).toBe(7);
  });

  test('jumps over as many instructions as the offset says', () => {
    const [one, two] = [
      { code: SET, imm: 1 },
      { code: SET, imm: 2 },
    ];
    expect(run(one, { code: IF, imm: 1, off: 1 }, two)).toBe(1);
    expect(run(one, { code: IF, imm: 2, off: 1 }, two)).toBe(2);
    expect(run(one, { code: GO, off: 1 }, two)).toBe(1);
    expect(run(one, { code: c.BPF_JMP | c.BPF_JSET | c.BPF_K, imm: 3, off: 1 }, two)).toBe(1);
  });

  test('has to end, and to be known', () => {
    expect(() => runProgram([{ code: SET }], CONTEXT)).toThrow('no instruction 1: it lacks an exit');
    expect(() => run({ code: 0x85 })).toThrow('instruction 0: code 0x85');
  });
});

test('what is not known is shown by its code', () => {
  expect(disassemble([{ code: 0x85 }, EXIT])).toEqual(["code 0x85, which isn't known here", 'exit']);
});

describe('bpf(2)', () => {
  const attr = (call: Call, bytes: number) => {
    const { image } = layOut([call], 'x64');
    const view = new DataView(image.buffer, image.byteOffset, image.length);
    return Buffer.from(
      image.subarray(view.getUint32(view.getUint32(RECORD.arguments + 8, true), true)).subarray(0, bytes),
    );
  };

  test('gets the program by its address, its length in instructions', () => {
    const load = bpf(c.BPF_PROG_LOAD, { prog_type: 15, insns: [{ code: SET, imm: 1 }, EXIT], license: 'MIT' });
    expect([attr(load, 8).readUInt32LE(0), attr(load, 8).readUInt32LE(4)]).toEqual([15, 2]);
    expect(load.args.size).toMatchObject({ value: 24 });
  });

  test('gets room for the numbers of programs, and for instructions', () => {
    const query = bpf(c.BPF_PROG_QUERY, { target_fd: 3, attach_type: 6, prog_ids: new Uint8Array(16) });
    expect(attr(query, 28).readUInt32LE(24)).toBe(4);
    const info = bpf(c.BPF_OBJ_GET_INFO_BY_FD, { bpf_fd: 5, xlated_prog_insns: new Uint8Array(800) });
    expect([attr(info, 8).readUInt32LE(0), attr(info, 8).readUInt32LE(4)]).toEqual([5, 40]);
    expect(layOut([info], 'x64').rooms).toHaveLength(1);
  });
});
