import { thisMachine } from '../../src/index.ts';

/** What the program ends with: no call of these families, and no shell, answers with it. */
export const ELF_STATUS = 42;

const CODE = {
  x64: [0xbf, ELF_STATUS, 0, 0, 0, 0xb8, 231, 0, 0, 0, 0x0f, 0x05], // mov edi, 42; mov eax, exit_group; syscall
  arm64: [0x40, 0x05, 0x80, 0xd2, 0xc8, 0x0b, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4], // mov x0, 42; mov x8, exit_group; svc 0
};

const BASE = 0x40_0000n;
const HEADERS = 64 + 56;

/** The smallest program there is: it needs no loader and no library, so it runs in any tree. elf(5) */
export function elf(): Uint8Array {
  const machine = thisMachine();
  const code = CODE[machine];
  const image = new DataView(new ArrayBuffer(HEADERS + code.length));
  const put = (offset: number, bytes: readonly number[]) => new Uint8Array(image.buffer).set(bytes, offset);
  put(0, [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]); // 64 bits, little-endian
  image.setUint16(16, 2, true); // an executable
  image.setUint16(18, machine === 'x64' ? 62 : 183, true);
  image.setUint32(20, 1, true);
  image.setBigUint64(24, BASE + BigInt(HEADERS), true); // where it begins
  image.setBigUint64(32, 64n, true); // where its one program header is
  image.setUint16(52, 64, true);
  image.setUint16(54, 56, true);
  image.setUint16(56, 1, true);
  image.setUint32(64, 1, true); // all of it is loaded,
  image.setUint32(68, 5, true); // to be read and executed
  image.setBigUint64(80, BASE, true);
  image.setBigUint64(88, BASE, true);
  image.setBigUint64(96, BigInt(image.byteLength), true);
  image.setBigUint64(104, BigInt(image.byteLength), true);
  image.setBigUint64(112, 0x1000n, true);
  put(HEADERS, code);
  return new Uint8Array(image.buffer);
}
