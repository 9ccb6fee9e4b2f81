import { CommanderError } from 'commander';
import type { Step } from 'step-01';
import parse from 'string-argv';
import { command } from '../machine.ts';
import type { Docker } from '../types.ts';

/** Flags of docker’s that take a value, and that no step has: they are about time, output or a registry. */
const WITH_VALUE =
  /^--(annotation|attach|cidfile|detach-keys|gpus|health-.*|isolation|label|label-file|link|log-driver|log-opt|platform|pull|restart|runtime|stop-timeout|storage-opt|volume-driver)$|^-[al]$/;

/**
 * What of a `docker run …` the steps understand; the rest is named. Its image isn't here, so its root is the explorer's.
 *
 * @throws {Error} if it is no `docker run`, or a value is none that docker would take
 */
export function docker(line: string, step: Step): Docker {
  const words = parse(line.replace(/\\\n/g, ' '));
  const run = words.indexOf('run');
  if (run === -1) throw new Error('type it as you would in a terminal: docker run -m 64m -p 8080:80 nginx');
  return understood(words.slice(run + 1), step, []);
}

function understood(words: readonly string[], step: Step, ignored: readonly string[]): Docker {
  const parser = step.options(command()).passThroughOptions().allowExcessArguments().argument('[words...]');
  try {
    parser.parse(words, { from: 'user' });
  } catch (error) {
    const [, flag] = /unknown option '(-[^=']*)/.exec((error as Error).message) ?? [];
    if (!(error instanceof CommanderError) || flag === undefined) throw error;
    return understood(withoutFlag(words, flag), step, [...ignored, flag]);
  }
  const args = words.slice(0, words.length - parser.args.length);
  const [, ...rest] = parser.args;
  return { args, command: rest.length > 0 ? rest : ['sh'], ignored };
}

/** The words without a flag and its value. `-it` may be two flags in one word. */
function withoutFlag(words: readonly string[], flag: string): string[] {
  const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  if (at !== -1) return words.toSpliced(at, WITH_VALUE.test(flag) && words[at] === flag ? 2 : 1);
  const letter = flag.slice(1);
  const cluster = words.findIndex((word) => /^-[a-zA-Z]{2,}$/.test(word) && word.includes(letter));
  if (cluster === -1) throw new Error(`${flag} is no flag that the steps know`);
  return words.with(cluster, (words[cluster] ?? '').replace(letter, ''));
}
