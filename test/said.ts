import type { VerboseObject } from 'execa';

// An assertion shows one value: that a container has no such file, and not why the command before it made none. So a test that
// fails also shows what its commands said.

/** The commands of the running test, each with what it has said. */
const commands = new Map<string, string>();

/** For execa: keeps what a command says. By `verbose` for the streams it would also look at each line while the command runs. */
export const KEPT = { verbose: { ipc: keep } } as const;

function keep(_: string, { type, commandId, escapedCommand, result }: VerboseObject): undefined {
  if (type === 'command') commands.set(commandId, `$ ${escapedCommand}\n(it has not ended)`);
  if (!result) return;
  const { exitCode, signal, all, stdout, stderr } = result;
  const text = [all ?? [stdout, stderr].join('\n')].join('\n').slice(-MOST).trimEnd();
  commands.set(commandId, `$ ${escapedCommand}\n${text}${text && '\n'}(it ended with ${exitCode ?? signal})`);
}

/** Characters of one command's that are shown: the last ones. */
const MOST = 2000;

/** What has been kept, the last commands. From now on it is forgotten. */
export function saidSoFar(): string {
  const last = [...commands.values()].slice(-20);
  commands.clear();
  return last.join('\n');
}
