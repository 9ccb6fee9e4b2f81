import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, type Child, cloneCall, type Made, openGate } from 'shared-native';
import type { Deed } from './action.ts';

/** Is told what happens as it happens: `--explain` prints it. */
export interface Narrator {
  /** The host is about to do this, or to undo it. */
  deed(deed: Deed, what: string): void;
  /** A call was made: by the host (clone), or by the container's first process. */
  made(made: Made): void;
  /** The process is about to make these calls, of which the first that works is its last. */
  becoming(calls: readonly Call[]): void;
}

/**
 * A child whose calls are told as it makes them. It is held just before execve until all are told, so that nothing
 * of its program's own output comes before; `told` settles then.
 */
export function narrated<C extends Child>(
  program: readonly Call[],
  clone: (calls: readonly Call[]) => C,
  flags: number,
  narrator: Narrator,
): C & { readonly told: Promise<void> } {
  const execve = program.findIndex((call) => call.name === 'execve');
  const at = execve === -1 ? program.length : execve;
  const hold = openGate();
  try {
    const child = clone([hold.letGo, ...program.slice(0, at), hold.wait, ...program.slice(at)]);
    narrator.made({ call: cloneCall(flags), result: child.pid });
    let over = false;
    const exited = child.exited.finally(() => {
      over = true;
    });
    const told = tell();
    return { ...child, told, exited: told.then(() => exited) };

    async function tell(): Promise<void> {
      const before = (calls: readonly Made[]) => calls.slice(1, at + 1); // without letGo, and what comes after wait
      for (let told = 0; told < at; ) {
        const ended = over;
        const calls = before(child.progress());
        for (const made of calls.slice(told)) narrator.made(made);
        told = calls.length;
        if (ended) break;
        await sleep(1);
      }
      if (!over) narrator.becoming(program.slice(at));
      hold.open();
    }
  } catch (error) {
    hold.shut();
    throw error;
  } finally {
    hold.passedOn();
  }
}
