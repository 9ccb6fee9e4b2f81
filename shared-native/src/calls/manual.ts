import type { SyscallName } from '../kernel/syscall-numbers.ts';

/** What the course knows of a system call besides its arguments. */
export interface ManualPage {
  /** The section of the manual: `mount(2)` is in section 2. */
  readonly section: number;
  /** What the call does, in plain words; `texts` holds the arguments as `explain` shows them. */
  readonly words: (texts: Readonly<Record<string, string>>) => string;
  /** What an error usually means for a container, then what to do, by the error's name. */
  readonly errors: Readonly<Record<string, string>>;
  /** The page's name where it isn't the call's: prlimit64 is on the page prlimit. */
  readonly page?: string;
}

const pages = new Map<SyscallName, ManualPage>();

/** Adds what is known of a call. It stands right above the call's constructor. */
export function manual(name: SyscallName, page: Omit<ManualPage, 'section'> & { section?: number }): void {
  pages.set(name, { section: 2, ...page });
}

/** What is known of a call, or `undefined` for one that has no constructor. */
export function manualPage(name: SyscallName): ManualPage | undefined {
  return pages.get(name);
}

/** The address of a call's manual page: `https://man7.org/linux/man-pages/man2/mount.2.html`. */
export function manualAddress(name: SyscallName): string {
  const { section = 2, page = name } = pages.get(name) ?? {};
  return `https://man7.org/linux/man-pages/man${section}/${page}.${section}.html`;
}

/** The page as people cite it: `mount(2)`. */
export function manualTitle(name: SyscallName): string {
  const { section = 2, page = name } = pages.get(name) ?? {};
  return `${page}(${section})`;
}
