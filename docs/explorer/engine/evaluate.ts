import vm from 'node:vm';
import type { Engine } from '../types.ts';
import { engineScript } from './bundle.ts';

/** The script that a browser loads, and what it gives, so that the site is built by the same code, on the same machine. */
export interface Evaluated {
  readonly script: string;
  readonly engine: Engine;
}

let evaluated: Promise<Evaluated> | undefined;

/** Bundles the steps as for a browser, and runs that here: nothing of this machine is within its reach. */
export function evaluate(): Promise<Evaluated> {
  evaluated ??= engineScript().then((script) => {
    const { TextEncoder, TextDecoder, URL, structuredClone, setTimeout, queueMicrotask } = globalThis;
    const browser = { TextEncoder, TextDecoder, URL, structuredClone, setTimeout, queueMicrotask, console };
    const context = vm.createContext(browser);
    vm.runInContext(script, context, { filename: 'engine.js' });
    return { script, engine: (context as unknown as { boxstepEngine: Engine }).boxstepEngine };
  });
  return evaluated;
}
