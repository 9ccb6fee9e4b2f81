import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes that no other has, from the kernel: urandom(4). Node takes 12 ms to load its cryptography, which has the same. */
export function randomBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  const file = openSync('/dev/urandom', 'r');
  try {
    readSync(file, bytes); // up to 256 bytes at once
    return bytes;
  } finally {
    closeSync(file);
  }
}
