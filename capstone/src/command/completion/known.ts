import { Command } from 'commander';
import type { Subcommand } from 'step-10';

/** What there is to complete of a command. */
export interface Known {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly { readonly long: string; readonly short?: string; readonly description: string }[];
  /** What its first argument is called: `container`, `image`, … */
  readonly argument: string | undefined;
}

/** The commands that help shows, with their flags. */
export function knownOf(all: readonly Subcommand[]): Known[] {
  return all
    .filter(({ hidden }) => !hidden)
    .map(({ name, description, options, positionals }) => ({
      name,
      description,
      flags: (options?.(new Command()) ?? new Command()).options.map(({ long, short, description }) => ({
        long: long ?? '',
        ...(short && { short }),
        description,
      })),
      argument: /[\w-]+/.exec(positionals[0]?.[0] ?? '')?.[0],
    }));
}

/** The words that may follow others: after nothing, the commands and groups; after a group, its commands. */
export function wordsAfter(known: readonly Known[]): Map<string, readonly string[]> {
  const after = new Map<string, Set<string>>();
  for (const { name } of known) {
    const [first = '', second] = name.split(' ');
    after.set('', (after.get('') ?? new Set()).add(first));
    if (second !== undefined) after.set(first, (after.get(first) ?? new Set()).add(second));
  }
  return new Map([...after].map(([group, words]) => [group, [...words].sort()]));
}
