import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { Buffer } from 'buffer/';

/** `hash('sha256', text)` of Node's. */
export function hash(algorithm: string, text: string): string {
  if (algorithm !== 'sha256') throw new Error(`${algorithm} isn’t there in a browser`);
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** Always the same: a page that shows random numbers shows others each time. */
export const randomBytes = (length: number): Buffer => Buffer.from(new Uint8Array(length).fill(0x42));
