import type { Subcommand } from 'step-10';
import { knownOf, wordsAfter } from './known.ts';

/** What lists the things of a kind that there are. */
const LISTS: Readonly<Record<string, string>> = {
  container: "ps -a --format '{{.Names}}'",
  image: "images --format '{{.Repository}}:{{.Tag}}'",
  network: "network ls --format '{{.Name}}'",
  volume: 'volume ls -q',
};

/** A script for bash. It asks the command itself for the names of containers, images, networks and volumes. */
export function bash(all: readonly Subcommand[]): string {
  const known = knownOf(all);
  const commands = known.map(({ name, flags, argument }) => {
    const list = argument === undefined ? undefined : LISTS[argument];
    return branch(name, { flags: ['--help', ...flags.map(({ long }) => long)], list });
  });
  const groups = [...wordsAfter(known)].map(([group, words]) => branch(group, { words }));
  // The longest names first: bash takes the first that matches.
  const cases = [...commands, ...groups].toSorted((one, other) => other.words - one.words);
  return `_boxstep() {
  local cur=\${COMP_WORDS[COMP_CWORD]} said= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) said="$said $word" ;; esac
  done
  set -- $said
  local words= flags= names=
  case "\${1-} \${2-}" in
${cases.flatMap(({ pattern, lines }) => [`  ${pattern})`, ...lines, '    ;;']).join('\n')}
  esac
  case $cur in -*) words="$words $flags" ;; esac
  COMPREPLY=($(compgen -W "$words $names" -- "$cur"))
}
complete -o default -F _boxstep boxstep ./boxstep
`;
}

/** The same for zsh, which can use scripts of bash. */
export function zsh(all: readonly Subcommand[]): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(all)}`;
}

interface Offered {
  readonly words?: readonly string[];
  readonly flags?: readonly string[];
  readonly list?: string | undefined;
}

/** What is offered after a name. Flags only where one has been begun, as docker's does it. */
function branch(name: string, { words = [], flags = [], list }: Offered) {
  const [first = '', second] = name.split(' ');
  const pattern = name === '' ? '" "' : second === undefined ? `"${first} "*` : `"${first} ${second}"`;
  const lines = [
    ...(words.length > 0 ? [`    words='${words.join(' ')}'`] : []),
    ...(flags.length > 0 ? [`    flags='${flags.join(' ')}'`] : []),
  ];
  if (list !== undefined) lines.push(`    names=$("\${COMP_WORDS[0]}" ${list} 2>/dev/null)`);
  return { words: name.split(' ').length, pattern, lines };
}
