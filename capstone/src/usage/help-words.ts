import type { Subcommand } from 'step-10';

/**
 * `help ps` is `ps --help`, and no command at all asks for help, too.
 *
 * @throws {Error} in docker's words, if there is no such command
 */
export function helpWords(words: readonly string[], commands: readonly Subcommand[]): readonly string[] {
  const [first, ...about] = words;
  if (first === undefined) return ['--help'];
  if (first !== 'help') return words;
  const topic = about.join(' ');
  if (about.length === 0 || commands.some(({ name }) => name === topic || name.startsWith(`${topic} `)))
    return [...about, '--help'];
  throw new Error(`unknown help topic: ${topic}`);
}
