import { arch } from 'node:process';

/** What an image is for, as images name it: with Go's words. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

/** The architectures that Go and Node call by different names. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** This machine's. */
export function thisPlatform(): Platform {
  return { architecture: ARCHITECTURES[arch] ?? arch, os: 'linux' };
}

/** The platform that `--platform` means. @throws {Error} if it's none */
export function platformOf(text: string | undefined): Platform {
  if (text === undefined) return thisPlatform();
  const [os = '', architecture = '', variant, more] = text.split('/');
  if (os !== '' && architecture !== '' && more === undefined) return { os, architecture, variant };
  const why = text.includes('/') ? 'cannot parse platform specifier' : 'unknown operating system or architecture';
  throw new Error(
    `${JSON.stringify(text)}: ${why}: invalid argument\nExpected os/architecture[/variant], such as linux/amd64`,
  );
}
