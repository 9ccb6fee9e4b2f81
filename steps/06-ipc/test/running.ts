import { execa } from 'execa';
import { asAUser, BOXSTEP, boxstep, says, typed, WAIT } from '../../../test/boxstep.ts';

/** Runs this step's command as a user types it, with an input if there is one. */
export function step06(args: readonly string[], input?: string) {
  return execa(BOXSTEP, typed(['6', ...args]), { ...asAUser(), ...(input !== undefined && { stdin: 'pipe', input }) });
}

/** A container that runs until it is ended. */
export interface Waiting {
  readonly name: string;
  /** The process that runs it. */
  readonly runtime: number;
  /** Ends it, and waits until it is gone. */
  end(): Promise<void>;
}

/** Starts a container of a step, and waits until its command runs. */
export async function waiting(step: number, name: string, args: readonly string[], script = WAIT): Promise<Waiting> {
  const child = boxstep(String(step), 'run', '--name', name, ...args, 'sh', '-c', script);
  await says(child);
  return {
    name,
    runtime: child.pid as number,
    async end() {
      child.kill('SIGTERM');
      await child;
    },
  };
}
