import { parseBool } from 'step-09';

/** What `--security-opt` can say here. */
export interface Security {
  /** May no program get more than it was started with, such as by a setuid bit? prctl(2), PR_SET_NO_NEW_PRIVS. */
  readonly noNewPrivileges: boolean;
  /** The file of a seccomp profile, or no filter at all; docker's default unless given. */
  readonly seccomp?: string | 'unconfined';
  /** Is what the kernel shows below /proc and /sys left as it is? */
  readonly systemPaths: boolean;
  /** Those that were given and have no effect here. */
  readonly ignored: readonly string[];
}

/**
 * Reads all values of `--security-opt`; of two about one thing, the last counts.
 *
 * @throws {Error} for one that docker doesn't know
 */
export function securityOptions(values: readonly string[]): Security {
  return values.reduce<Security>(and, { noNewPrivileges: false, systemPaths: false, ignored: [] });
}

function and(all: Security, text: string): Security {
  const [, name = text, value] = /^([^=:]*)[=:](.*)$/s.exec(text) ?? [];
  switch (name) {
    case 'no-new-privileges':
      return { ...all, noNewPrivileges: parseBool(value ?? 'true') ?? unknown(text) };
    case 'seccomp':
      return value ? { ...all, seccomp: value === 'builtin' ? '' : value } : unknown(text);
    case 'systempaths':
      return value === 'unconfined' ? { ...all, systemPaths: true } : unknown(text);
    case 'apparmor':
    case 'label':
      return value ? { ...all, ignored: [...all.ignored, text] } : unknown(text);
    default:
      return unknown(text);
  }
}

function unknown(text: string): never {
  throw new Error(
    `invalid --security-opt: ${JSON.stringify(text)}: it takes no-new-privileges[=false], seccomp=FILE, seccomp=unconfined or systempaths=unconfined (apparmor=… and label=… have no effect here)`,
  );
}
