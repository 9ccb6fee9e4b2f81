import type { Subcommand } from 'step-10';
import { type Known, knownOf, wordsAfter } from './known.ts';

/** A script for fish. */
export function fish(all: readonly Subcommand[]): string {
  const known = knownOf(all);
  const described = new Map(known.map(({ name, description }) => [name, description]));
  const words = [...wordsAfter(known)].flatMap(([group, after]) =>
    after.map((word) => {
      const name = group === '' ? word : `${group} ${word}`;
      return line(group, `-f -a ${word} -d ${quoted(described.get(name) ?? `manage ${word}s`)}`);
    }),
  );
  return `${[...words, ...known.flatMap(flagLines)].join('\n')}\n`;
}

function flagLines({ name, flags }: Known): string[] {
  return flags.map(({ long, short, description }) =>
    line(name, `-l ${long.slice(2)}${short ? ` -s ${short.slice(1)}` : ''} -d ${quoted(description)}`),
  );
}

/** @param after - the words that were typed before */
function line(after: string, what: string): string {
  const seen = after.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
  return `complete -c boxstep -n '${after === '' ? '__fish_use_subcommand' : seen.join('; and ')}' ${what}`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
