/** The registers that the trampoline touches. */
export const REGISTERS = ['rbx', 'rdi', 'rsi', 'rdx', 'r10', 'r8', 'r9', 'rax'] as const;
export type Register = (typeof REGISTERS)[number];

/** By the number that an instruction has for them; those that the trampoline leaves alone have none here. */
const NUMBERED: readonly (Register | undefined)[] = [
  ...(['rax', undefined, 'rdx', 'rbx', undefined, undefined, 'rsi', 'rdi'] as const),
  ...(['r8', 'r9', 'r10'] as const),
];

/** A processor as far as the trampoline goes. */
export interface Processor {
  readonly registers: Record<Register, bigint>;
  /** What the last comparison found: is the first less than the second, or the same? */
  flags: { readonly less: boolean; readonly same: boolean };
  /** Where the next instruction begins, in the code. */
  at: number;
}

/** Memory that begins at an address. */
export interface Memory {
  readonly address: bigint;
  readonly view: DataView;
}

/** Answers a system call, as the kernel leaves it in rax: from the registers. `undefined`: the process ends here. */
export type Kernel = (registers: Readonly<Record<Register, bigint>>) => bigint | undefined;

/** What an instruction has read or written in memory. */
export interface Touched {
  readonly address: bigint;
  readonly written: boolean;
}

/** A processor at the first instruction, entered as a C function with one argument. */
export function entered(argument: bigint): Processor {
  const zero = Object.fromEntries(REGISTERS.map((name) => [name, 0n])) as Record<Register, bigint>;
  return { registers: { ...zero, rdi: argument }, flags: { less: false, same: false }, at: 0 };
}

/**
 * Carries out the next instruction of x86-64 code, from its bytes.
 *
 * @returns what of the memory it touched; null if it was the call that ended the process
 * @throws {Error} for an instruction that isn't one of the trampoline's
 */
export function step(
  code: Uint8Array,
  processor: Processor,
  memory: Memory,
  kernel: Kernel,
): Touched | undefined | null {
  const byte = (offset: number) => code[processor.at + offset] ?? 0;
  const { registers } = processor;
  if (byte(0) === 0x0f && byte(1) === 0x05) {
    const answer = kernel(registers);
    if (answer === undefined) return null;
    registers.rax = answer;
    processor.at += 2;
    return undefined;
  }
  const jumps: Partial<Record<number, boolean>> = {
    235: true, // jmp
    116: processor.flags.same, // je
    125: !processor.flags.less, // jge
  };
  const jump = jumps[byte(0)];
  if (jump !== undefined) {
    processor.at += 2 + (jump ? signed(byte(1)) : 0);
    return undefined;
  }
  return withOperands(byte, processor, memory);
}

/** An instruction of a REX prefix, an opcode and a ModRM byte: it names a register, and another one or memory. */
function withOperands(byte: (offset: number) => number, processor: Processor, memory: Memory): Touched | undefined {
  const [rex, opcode, modrm] = [byte(0), byte(1), byte(2)];
  if ((rex & 0xf8) !== 0x48) throw new Error(`no instruction of the trampoline begins with ${rex.toString(16)}`);
  const mode = modrm >> 6;
  const first = named(((modrm >> 3) & 7) | ((rex & 4) << 1));
  const second = named((modrm & 7) | ((rex & 1) << 3));
  const { registers } = processor;
  const small = signed(byte(3));
  const displacement = mode === 1 ? small : 0;
  const address = registers[second] + BigInt(displacement);
  processor.at += mode === 1 ? 4 : 3;
  switch (opcode) {
    case 0x89: // mov to a register or to memory
      if (mode === 3) registers[second] = registers[first];
      else memory.view.setBigInt64(offsetOf(address, memory), registers[first], true);
      return mode === 3 ? undefined : { address, written: true };
    case 0x8b: // mov from memory
      registers[first] = memory.view.getBigInt64(offsetOf(address, memory), true);
      return { address, written: false };
    case 0x3b: {
      // cmp with memory
      const other = memory.view.getBigInt64(offsetOf(address, memory), true);
      processor.flags = { less: registers[first] < other, same: registers[first] === other };
      return { address, written: false };
    }
    case 0x83: // add of a small number
      registers[second] += BigInt(small);
      processor.at += 1;
      return undefined;
    default:
      throw new Error(`no instruction of the trampoline is ${opcode.toString(16)}`);
  }
}

function named(number: number): Register {
  const name = NUMBERED[number];
  if (name) return name;
  throw new Error(`the trampoline has no use for register ${number}`);
}

const signed = (byte: number) => (byte << 24) >> 24;

const offsetOf = (address: bigint, memory: Memory) => Number(address - memory.address);
