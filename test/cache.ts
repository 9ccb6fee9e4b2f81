import { join } from 'node:path';
import { state } from 'step-01';

/** Where the tests keep what they have downloaded: beside the default root filesystem of whoever runs them. */
export function cached(name: string): string {
  return join(process.env.BOXSTEP_DOWNLOADS ?? state().cache, name);
}

/** Something that has to be downloaded, and could not be: without a network, a test that needs it is skipped. */
export class CantDownload extends Error {
  override name = 'CantDownload';
}
