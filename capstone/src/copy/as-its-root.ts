import { readFileSync } from 'node:fs';
import { capset, perform, setresgid, setresuid } from 'shared-native';
import { type Maps, outside } from 'step-10';

/**
 * Does something as the root of a container with its own users: on its filesystems the kernel makes files only for those who
 * are somebody there, which the host's root isn't (EOVERFLOW). All capabilities stay. Only this thread's ids change.
 */
export async function asItsRoot<T>({ uids, gids }: Maps, doing: () => Promise<T>): Promise<T> {
  const permitted = BigInt(`0x${/^CapPrm:\s*(\w+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]}`);
  perform(setresgid(-1, outside(gids, 0) ?? 0, -1));
  perform(setresuid(-1, outside(uids, 0) ?? 0, -1)); // takes the effective capabilities away
  try {
    perform(capset(0, { effective: permitted, permitted, inheritable: 0n }));
    return await doing();
  } finally {
    perform(setresuid(-1, 0, -1));
    perform(setresgid(-1, 0, -1));
  }
}
