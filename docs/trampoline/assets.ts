import { join } from 'node:path';
import { type Assets, scriptAndStyle } from '../explorer/assets.ts';

/** What the page with the stepper needs besides its HTML: a script (deferred), and a style sheet. */
export function trampolineAssets(): Promise<Assets> {
  return scriptAndStyle(join(import.meta.dirname, 'stepper.ts'), join(import.meta.dirname, 'trampoline.css'));
}
