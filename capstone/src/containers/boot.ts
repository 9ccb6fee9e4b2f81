import { readFileSync } from 'node:fs';

let id: string | undefined;

/** What no other boot of this machine has: random(4). */
export function thisBoot(): string {
  id ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return id;
}
