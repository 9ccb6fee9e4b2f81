import type { Platform } from '../../load/found.ts';
import { thisPlatform } from '../../load/load.ts';

/** The platform that `--platform` means. @throws {Error} if it's none */
export function platformOf(text: string | undefined): Platform {
  if (text === undefined) return thisPlatform();
  const [os = '', architecture = '', variant, more] = text.split('/');
  if (os !== '' && architecture !== '' && more === undefined) return { os, architecture, variant };
  throw new Error(
    `Expected --platform to be os/architecture[/variant] such as linux/amd64, got ${JSON.stringify(text)}`,
  );
}
