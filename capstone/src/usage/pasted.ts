import { commandLine, type Options, type Step } from 'step-10';
import { withoutGlobals } from './globals.ts';

/** Switches of `plan` that may come before what is pasted. */
const OWN = ['--json', '--shim', '--explain'];

/**
 * `plan` of a command line of docker's as it was copied, `sudo docker run -it …`, in words or in quotes, in the words of `plan`.
 * Other lines stay as they are.
 *
 * @param commands - docker's commands that there are here: their names
 * @throws {Error} if it is a command of docker's that makes no container, or takes a shell to read
 */
export async function unpasted(
  words: readonly string[],
  step: Step<Options>,
  commands: readonly string[],
): Promise<readonly string[] | number> {
  if (words[0] !== 'plan') return words;
  const first = words.findIndex((word, nth) => nth > 0 && !OWN.includes(word));
  const line = afterSudo(await wordsOf(words.slice(first)));
  if (first < 0 || line[0] !== 'docker') return words;
  const left = await withoutGlobals(line.slice(1), commandLine(step));
  if (typeof left === 'number') return left;
  const [group = ''] = left.words;
  const its = left.words.slice(0, commands.some((name) => name.startsWith(`${group} `)) ? 2 : 1);
  if (['run', 'create'].includes(its.join(' ').replace(/^container /, ''))) {
    if (left.words.slice(its.length).every((word) => word.startsWith('-')))
      throw new Error(`'${['docker', ...its].join(' ')}' requires at least 1 argument: it names no image`);
    return [...words.slice(0, first), ...left.words.slice(its.length)];
  }
  if (group !== '' && !commands.some((name) => name.split(' ')[0] === group)) return words; // an image that is called docker
  throw new Error(
    `"${['docker', ...its].join(' ')}" makes no container: plan shows what "docker run" and "docker create" do`,
  );
}

/** What is in quotes is split as a shell does it. */
async function wordsOf(words: readonly string[]): Promise<readonly string[]> {
  const [text = ''] = words;
  if (words.length !== 1 || !/\s/.test(text)) return words;
  const { parse } = await import('shell-quote');
  const copied = text.replace(/\\\r?\n/g, ' ').replace(/^\s*[$#]\s+/, ''); // also with the prompt before it
  const parts = parse(copied, process.env).map((part) =>
    typeof part === 'object' && 'op' in part && part.op === 'glob' ? part.pattern : part,
  );
  const other = parts.find((part) => typeof part !== 'string');
  if (other === undefined) return parts as string[];
  const sign = 'op' in (other as object) ? (other as { op: string }).op : '#';
  throw new Error(
    `a shell has to read ${JSON.stringify(sign)}: leave out the quotes around the line, or paste the command alone`,
  );
}

/** Without `sudo`, its flags, and variables that are set for the command. */
function afterSudo(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => !/^\w+=/.test(word));
  const rest = words.slice(Math.max(at, 0));
  if (rest[0] !== 'sudo') return rest;
  const command = rest.findIndex(
    (word, nth) => nth > 0 && !word.startsWith('-') && !/^-[ugh]$/.test(rest[nth - 1] ?? ''),
  );
  return command < 0 ? [] : afterSudo(rest.slice(command));
}
