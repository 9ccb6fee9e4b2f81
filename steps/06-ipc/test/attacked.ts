import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Call, dup3, openMeeting, openPipe, PR_SET_DUMPABLE, whenReadable } from 'shared-native';
import { type Container, type Plan, start } from 'step-01';
import { expect } from 'vitest';

/** A variable that the runtime was started with, and a container isn't. */
const SECRET = readFileSync('/proc/self/environ', 'utf8')
  .split('\0')
  .find((entry) => !/^(PATH|HOME|TERM|HOSTNAME)?=|^$/.test(entry)) as string;

/** What the attacker is to know: what processes are called until they are their command, and what is in their environment. */
export const looksFor = () => [readFileSync('/proc/thread-self/comm', 'utf8').trim(), SECRET];

/** A container in which /attack runs. */
export interface Attacker {
  readonly plan: Plan;
  /** For its journal. */
  readonly about?: object;
}

/** Makes a root with no more in it than /attack. */
export function putAttack(rootfs: string): void {
  if (existsSync(join(rootfs, 'attack'))) return;
  for (const directory of ['proc', 'dev']) mkdirSync(join(rootfs, directory), { recursive: true });
  execFileSync('mknod', ['-m', '666', join(rootfs, 'dev/null'), 'c', '1', '3']);
  execFileSync('cc', ['-O2', '-static', '-o', join(rootfs, 'attack'), join(import.meta.dirname, 'attack.c')]);
}

/**
 * Runs an attacker, and starts processes meanwhile.
 *
 * @param times - how many, at the least
 * @param isOften - are more started until it has seen one ten times? Where it had to wait for a CPU, some are gone before it looks
 * @returns how often it saw one that wasn't its command yet, and got something of it
 */
export async function attacked(
  { plan, about }: Attacker,
  times: number,
  beside: () => Promise<void>,
  isOften = true,
): Promise<Record<string, number>> {
  const [[stdin, toIt], [fromIt, stdout]] = [openPipe(), openPipe()];
  const container = await start(plan, undefined, {
    before: [dup3(stdin, 0), dup3(stdout, 1)],
    ...(about && { about }),
  });
  closeSync(stdin);
  closeSync(stdout);
  await new Promise<void>((resolve) => void whenReadable(fromIt, resolve));
  readSync(fromIt, Buffer.alloc('ready\n'.length)); // it is the attacker now
  let isSeen = !isOften;
  const stop = whenReadable(fromIt, () => {
    isSeen = true;
  });
  try {
    for (let n = 0; n < times || !isSeen; n++) await beside();
  } finally {
    stop();
    writeSync(toIt, 'x'); // what was started may still have a copy of this end, so closing it says nothing
    closeSync(toIt);
    await container.exited;
  }
  const told = readFileSync(`/proc/self/fd/${fromIt}`, 'utf8');
  closeSync(fromIt);
  return Object.fromEntries([...told.matchAll(/(\d+) (\w+)/g)].map(([, count, what]) => [what, Number(count)]));
}

/**
 * The same, but with one process that waits until the attacker has looked.
 *
 * @param begin - starts it, with the calls by which it waits
 * @returns also how it ended
 */
export async function attackedAsItWaits(attacker: Attacker, begin: (wait: readonly Call[]) => Promise<Container>) {
  const meeting = openMeeting();
  const ended: Container['exited'][] = [];
  const lookedInto = async () => {
    ended.push((await begin(meeting.wait)).exited);
    meeting.passedOn();
    expect(await meeting.reached()).toBe(true);
  };
  const got = await attacked(attacker, 1, lookedInto, false);
  meeting.open();
  const [exit] = await Promise.all(ended);
  meeting.shut();
  return { got, exit };
}

/** The plan without the calls by which a process forbids others to look into it. If it is extended after that, one comes back. */
export function unprotected(made: Plan): Plan {
  const protects = ({ name, args: { option } }: Call) =>
    name === 'prctl' && option?.kind === 'integer' && option.value === PR_SET_DUMPABLE;
  const left = (calls: readonly Call[]) => calls.filter((call) => !protects(call));
  const { program } = made;
  return { ...made, program: { ...program, join: left(program.join), privileges: left(program.privileges) } };
}
