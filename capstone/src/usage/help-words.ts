import { Command } from 'commander';
import { put, type Subcommand } from 'step-10';

/**
 * `help ps` is `ps --help`, and no command at all asks for help, too. So does `ps -h`, docker's old way.
 *
 * @throws {Error} in docker's words, if there is no such command
 */
export function helpWords(words: readonly string[], commands: readonly Subcommand[]): readonly string[] {
  const [first, ...about] = words;
  if (first === undefined) return ['--help'];
  if (first === 'completion' && about.length === 0) return [first, '--help']; // docker's shows which shells there are
  if (first !== 'help') return withoutShort(words, commands);
  const topic = about.join(' ');
  if (about.length === 0 || isCommand(topic, commands)) return [...about, '--help'];
  throw new Error(`unknown help topic: ${topic}`);
}

/** `ps -h`, and `network ls -h`, ask for help. */
function withoutShort(words: readonly string[], commands: readonly Subcommand[]): readonly string[] {
  const at = words.indexOf('-h');
  const topic = words.slice(0, at).join(' ');
  if (at < 1 || at > 2 || !isCommand(topic, commands) || hasShort(topic, commands)) return words;
  put('Flag shorthand -h has been deprecated, use --help\n');
  return words.with(at, '--help');
}

/** Is it a command, or the first word of some? */
function isCommand(topic: string, commands: readonly Subcommand[]): boolean {
  return commands.some(({ name }) => name === topic || name.startsWith(`${topic} `));
}

/** Is `-h` another flag of it, as of `run`: the hostname? */
function hasShort(topic: string, commands: readonly Subcommand[]): boolean {
  const flags = commands.find(({ name }) => name === topic)?.options?.(new Command());
  return flags?.options.some(({ short }) => short === '-h') ?? false;
}
