import { readFileSync, writeFileSync } from 'node:fs';
import { type Comparison, compare, diff } from './compare.ts';
import { complete } from './complete.ts';
import { type Fence, fences, type Problem, ROOT, withBodies } from './markdown.ts';
import { openSession, type Person, type Session } from './session.ts';

/** A command of a transcript, with the output that the README shows. */
interface Command {
  readonly person: Person;
  /** What is typed, over as many lines as it takes. */
  readonly text: string;
  readonly line: number;
  readonly output: readonly string[];
}

/** A fenced block marked `console`: commands, each after `# ` (root) or `$ ` (anyone), and what they answer. */
export interface Transcript {
  readonly file: string;
  readonly line: number;
  readonly fence: Fence;
  readonly commands: readonly Command[];
  /** Does a command of it need root? */
  readonly needsRoot: boolean;
  /** Why it can't be read, if it can't. */
  readonly error?: Problem;
}

export interface Running {
  /** How long all commands of a block may take together, in milliseconds. */
  readonly timeout?: number;
  /** Says that the time is up, for those who don't wait for it. */
  readonly late?: AbortSignal;
  /** Where each block starts. */
  readonly cwd?: string;
}

/** Every transcript of a README. */
export function transcripts(file: string): Transcript[] {
  return fences(file)
    .filter(({ info }) => info === 'console')
    .map((fence) => {
      const { commands, error } = read(fence);
      const needsRoot = commands.some(({ person }) => person === 'root');
      return { file, line: fence.line, fence, commands, needsRoot, ...(error && { error }) };
    });
}

/** Runs a transcript's commands, and tells where the README shows another output than came. */
export async function checkTranscript(block: Transcript, running: Running = {}): Promise<Problem[]> {
  if (block.error) return [block.error];
  const problems: Problem[] = [];
  await play(block, running, (command, comparison, stopped) => {
    if (comparison.equal && !stopped) return;
    problems.push({ file: block.file, line: command.line, message: story(command, comparison, stopped) });
  });
  return problems;
}

/** Runs every transcript of a README, and writes into it what came. Problems are those that no writing mends. */
export async function updateTranscripts(file: string, running: Running = {}): Promise<Problem[]> {
  const text = readFileSync(file, 'utf8');
  const problems: Problem[] = [];
  const bodies = new Map<Fence, string[]>();
  for (const block of transcripts(file)) {
    const before = problems.length;
    const body: string[] = [];
    if (block.error) problems.push(block.error);
    await play(block, running, (command, comparison, stopped) => {
      const untold = comparison.updated.find((line) => promptOf(line));
      const wrong = stopped ?? (untold && `the output has a line that reads as a command: ${JSON.stringify(untold)}`);
      if (wrong) problems.push({ file, line: command.line, message: story(command, comparison, wrong) });
      body.push(...`${PROMPTS[command.person]}${command.text}`.split('\n'), ...comparison.updated);
    });
    if (problems.length === before) bodies.set(block.fence, body);
  }
  const updated = withBodies(text, bodies);
  if (updated !== text) writeFileSync(file, updated);
  return problems;
}

const PROMPTS = { root: '# ', anyone: '$ ' } as const;

function promptOf(line: string): Person | undefined {
  return (['root', 'anyone'] as const).find((person) => line.startsWith(PROMPTS[person]));
}

/** The commands of a block. */
function read(fence: Fence): { commands: Command[]; error?: Problem } {
  const commands: Command[] = [];
  const problem = (index: number, message: string) => ({ file: fence.file, line: fence.line + 1 + index, message });
  for (let index = 0; index < fence.lines.length; ) {
    const line = fence.lines[index] as string;
    const person = promptOf(line);
    if (!person) return { commands, error: problem(index, 'a transcript begins with a command, after "# " or "$ "') };
    let end = index + 1;
    const text = () => [line.slice(2), ...fence.lines.slice(index + 1, end)].join('\n');
    while (!complete(text())) {
      if (++end > fence.lines.length) return { commands, error: problem(index, `this command has no end: ${line}`) };
    }
    const next = fence.lines.findIndex((one, at) => at >= end && promptOf(one));
    const after = next === -1 ? fence.lines.length : next;
    commands.push({ person, text: text(), line: fence.line + 1 + index, output: fence.lines.slice(end, after) });
    index = after;
  }
  return { commands };
}

type Hear = (command: Command, comparison: Comparison, stopped: string | undefined) => void;

/** Types the commands, one after another, until one ends the shell or the time is up. */
async function play(block: Transcript, { timeout = 60_000, late, cwd = ROOT }: Running, hear: Hear): Promise<void> {
  const session: Session = openSession(cwd);
  let isLate = false;
  const hangUp = () => {
    isLate = true;
    void session.hangUp();
  };
  const timer = setTimeout(hangUp, timeout);
  late?.addEventListener('abort', hangUp);
  try {
    for (const [index, command] of block.commands.entries()) {
      const { output, ended } = await session.type(command.person, command.text);
      const comparison = compare(command.output, lines(output));
      const isLast = index === block.commands.length - 1;
      const stopped = isLate ? `it was killed: the block took longer than ${timeout / 1000} s` : 'it ended the shell';
      const isStopped = isLate || (ended && !isLast);
      hear(command, comparison, isStopped ? stopped : undefined);
      if (isStopped) return;
    }
  } finally {
    clearTimeout(timer);
    await session.hangUp();
  }
}

function lines(output: string): string[] {
  return output === '' ? [] : output.replace(/\n$/, '').split('\n');
}

function story(command: Command, comparison: Comparison, stopped: string | undefined): string {
  const typed = `${PROMPTS[command.person]}${command.text}`.split('\n');
  const first = comparison.pairs.find(({ is }) => is !== 'same' && is !== 'varies');
  const from = command.line + typed.length;
  return [
    stopped ? `this command can't be shown: ${stopped}` : 'this command answers otherwise than the README shows',
    ...typed.map((line) => `      ${line}`),
    ...(first ? [`  line ${from + comparison.firstWrong}`] : []),
    ...(first ? [`    expected  ${'wanted' in first ? first.wanted : '(nothing more)'}`] : []),
    ...(first ? [`    came      ${'came' in first ? first.came : '(nothing more)'}`] : []),
    '  the README (-) and what came (+):',
    ...diff(comparison).map((line) => `    ${line}`),
  ].join('\n');
}
