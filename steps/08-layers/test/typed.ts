import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const file = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));

/** What one command line answered. */
export interface Answer {
  readonly out: string;
  readonly err: string;
  readonly status: number;
}

/** A process that runs command lines of step 8, one after another: to start one for each would take a second. */
const PROGRAM = `
  import { writeSync } from 'node:fs';
  import { commandStatus } from ${file('../../01-namespaces/src/command/main.ts')};
  import { step } from ${file('../src/index.ts')};
  process.on('message', async (lines) => {
    for (const line of lines) {
      const status = await commandStatus(step, line);
      writeSync(2, '\\0');
      writeSync(1, '\\0' + status + '\\0');
    }
  });
  process.send('ready');`;

function start() {
  const child = execa(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    reject: false,
    stdin: 'ignore',
    buffer: false,
    ipc: true,
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text;
  });
  return { child, said, ready: child.getOneMessage() };
}

let running: ReturnType<typeof start> | undefined;

/** Types command lines, as arguments, one after another. None may write a NUL. */
export async function typed(...lines: readonly (readonly string[])[]): Promise<Answer[]> {
  running ??= start();
  const { child, said, ready } = running;
  await ready;
  Object.assign(said, { out: '', err: '' });
  await child.sendMessage(lines as string[][]);
  const isAnswered = () => said.out.split('\0').length > 2 * lines.length && said.err.split('\0').length > lines.length;
  while (!isAnswered()) {
    const ended = await Promise.race([onData(child.stdout), onData(child.stderr), child]);
    if (ended) throw new Error(`${ended.shortMessage ?? 'the process has ended'}: ${said.err}`);
  }
  const [outs, errs] = [said.out.split('\0'), said.err.split('\0')];
  return lines.map((_, at) => ({ out: outs[2 * at] ?? '', err: errs[at] ?? '', status: Number(outs[2 * at + 1]) }));
}

/** The same for one alone. */
export async function type(...line: readonly string[]): Promise<Answer> {
  const [answer] = await typed(line);
  return answer as Answer;
}

/** Ends the process that runs them. To be called after all tests of a file. */
export async function hangUp(): Promise<void> {
  running?.child.kill();
  await running?.child;
  running = undefined;
}

function onData(stream: NodeJS.ReadableStream): Promise<undefined> {
  return new Promise((resolve) => stream.once('data', () => resolve(undefined)));
}
