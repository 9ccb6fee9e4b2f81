import type { Readable } from 'node:stream';
import { execa } from 'execa';

/** A server that a test has started. */
export interface Daemon {
  /** Ends it, and waits until it has ended. */
  close(): Promise<void>;
}

/**
 * Starts a server that ends with this process at the latest, and waits until it says that it is ready.
 *
 * @throws {Error} with what it said if it ends before
 */
export async function startDaemon(command: readonly string[], ready: string): Promise<Daemon> {
  const options = { reject: false, all: true, stdin: 'ignore', forceKillAfterDelay: false } as const;
  const daemon = execa('setpriv', ['--pdeathsig', 'TERM', ...command], options);
  await saying(daemon, ready, command[0] ?? '');
  return {
    async close() {
      daemon.kill();
      await daemon;
    },
  };
}

async function saying({ all }: { readonly all: Readable }, text: string, name: string): Promise<void> {
  let said = '';
  for await (const chunk of all.iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (said.includes(text)) return void all.resume();
  }
  throw new Error(`${name} has ended: ${said}`);
}
