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
  if (about.length === 0 || commands.some(({ name }) => name === topic || name.startsWith(`${topic} `)))
    return [...about, '--help'];
  throw new Error(`unknown help topic: ${topic}`);
}

/** Those whose `-h` is another flag. */
const HOSTNAME = ['run', 'create', 'plan', 'container run', 'container create'];

/** `ps -h`, and `network ls -h`, ask for help. */
function withoutShort(words: readonly string[], commands: readonly Subcommand[]): readonly string[] {
  const at = words.indexOf('-h');
  const topic = words.slice(0, at).join(' ');
  const isCommand = commands.some(({ name }) => name === topic || name.startsWith(`${topic} `));
  if (at < 1 || at > 2 || !isCommand || HOSTNAME.includes(topic)) return words;
  put('Flag shorthand -h has been deprecated, use --help\n');
  return words.with(at, '--help');
}
