import { dirname, join } from 'node:path';
import { defaultRootfsPath } from 'step-01';

/** Where the tests keep what they have downloaded: beside the default root filesystem. */
export function cached(name: string): string {
  return join(dirname(defaultRootfsPath()), name);
}

/** Something that has to be downloaded, and could not be: without a network, a test that needs it is skipped. */
export class CantDownload extends Error {
  override name = 'CantDownload';
}
