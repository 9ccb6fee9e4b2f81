import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { isatty } from 'shared-native';
import { put } from 'step-10';

/** Asks for a line on the terminal. @throws {Error} if there's none */
export async function ask(question: string): Promise<string> {
  refuseNoTerminal();
  return (await answered(question, process.stdout)).trim();
}

/** The same for what nobody is to see. */
export async function askSecretly(question: string): Promise<string> {
  refuseNoTerminal();
  put(question);
  const answer = await answered('', new Writable({ write: (_chunk, _encoding, done) => done() }));
  put('\n');
  return answer;
}

function refuseNoTerminal(): void {
  if (!isatty(0)) throw new Error('Cannot perform an interactive login from a non TTY device');
}

async function answered(question: string, output: NodeJS.WritableStream): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
