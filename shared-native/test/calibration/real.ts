import { closeSync, readdirSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type Call,
  type Child,
  clone,
  closeRange,
  dup3,
  errnoName,
  exitGroup,
  O_CLOEXEC,
  PR_SET_DUMPABLE,
  perform,
  pipe2,
  prctl,
  read,
} from '../../src/index.ts';
import type { IdRange } from '../../src/model/index.ts';
import { ELF_STATUS } from './elf.ts';
import { realNetworks } from './networks.ts';
import { type Outcome, received } from './outcome.ts';
import { realPlaces } from './places.ts';
import type { Scene } from './scenes.ts';
import { field, shownOf } from './status.ts';
import { realTree } from './tree.ts';

/** Where the descriptor lies at which the child waits until it was looked at: above all that a program opens. */
const HOLD = 1000;
/** What a program that was executed writes of itself goes there. */
const OUTPUT = 1;
const PATIENCE = 5000;

/** Makes a program's calls for real, in a process with namespaces of its own, and looks at what /proc then shows. */
export async function real(program: readonly Call[], scene: Scene): Promise<Outcome & { readonly pid: number }> {
  perform(prctl(PR_SET_DUMPABLE, 1)); // another child may have left this memory undumpable
  const [hold, output] = [pipe(), pipe()];
  const free = [closeRange(3, HOLD - 1), closeRange(HOLD + 1)];
  const before = [dup3(hold.read, HOLD, O_CLOEXEC), dup3(output.write, OUTPUT), ...free];
  const after = [read(HOLD, new Uint8Array(1)), exitGroup(99)];
  const child = clone([...before, ...program, ...after], scene.clone);
  closeSync(hold.read);
  closeSync(output.write);
  try {
    writeMaps(child.pid, scene);
    const count = before.length + program.length;
    const isThere = await arrives(child, count);
    const text = isThere ? '' : await rest(child, output.read);
    const shown = isThere ? realProcess(child.pid, scene) : text === '' ? {} : executedShown(text);
    child.kill('SIGKILL');
    const { status, signal, made } = await child.exited;
    const answers = made
      .slice(before.length, count)
      .map(({ call, result }) => (result < 0 ? errnoName(-result) : received(call, result)));
    const executes =
      program[answers.length]?.name.startsWith('execve') &&
      (text !== '' || signal === 'SIGSEGV' || [127, ELF_STATUS].includes(status ?? 0));
    if (executes) return { answers: [...answers, 0], end: 'executed', shown, pid: child.pid };
    return {
      answers,
      end: isThere ? 'done' : signal ? `killed by ${signal}` : `exited ${status}`,
      shown,
      pid: child.pid,
    };
  } finally {
    child.kill('SIGKILL');
    await child.exited;
    for (const descriptor of [hold.write, output.read]) closeSync(descriptor);
  }
}

function pipe(): { read: number; write: number } {
  const ends = new Int32Array(2);
  perform(pipe2(new Uint8Array(ends.buffer), O_CLOEXEC));
  const [read = -1, write = -1] = ends;
  return { read, write };
}

/** What the host writes to a user namespace before its first process begins. */
function writeMaps(pid: number, { uidMap, gidMap, setgroups }: Scene): void {
  const lines = (map: readonly IdRange[]) => map.map((one) => `${one.inside} ${one.outside} ${one.length}\n`).join('');
  if (setgroups) writeFileSync(`/proc/${pid}/setgroups`, setgroups);
  if (uidMap) writeFileSync(`/proc/${pid}/uid_map`, lines(uidMap));
  if (gidMap) writeFileSync(`/proc/${pid}/gid_map`, lines(gidMap));
}

/** Lets the child go until it waits at its end. @returns is it there? Otherwise it has ended, or waits for what doesn't come. */
async function arrives(child: Child, count: number): Promise<boolean> {
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  child.proceed();
  const deadline = Date.now() + PATIENCE;
  while (!ended && child.progress().length < count && Date.now() < deadline) await turn();
  return !ended && child.progress().length >= count;
}

/** What a program that was executed has written of itself. */
async function rest(child: Child, output: number): Promise<string> {
  child.kill('SIGKILL');
  await child.exited;
  const buffer = Buffer.alloc(65_536);
  return buffer.toString('utf8', 0, readSync(output, buffer));
}

/** What /proc shows of a process. */
export function realProcess(pid: number, scene: Pick<Scene, 'networks' | 'places' | 'tree'>): Record<string, string> {
  const text = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  const numbers = readdirSync(`/proc/${pid}/fd`).map(Number);
  const own = numbers.filter((number) => number > 2 && number !== HOLD).sort((one, other) => one - other);
  const closes = (number: number) => (Number.parseInt(field(text(`fdinfo/${number}`), 'flags'), 8) & O_CLOEXEC) !== 0;
  return {
    ...shownOf(text('status'), text('limits'), text('stat')),
    descriptors: own.map((number) => `${number}${closes(number) ? ' (close-on-exec)' : ''}`).join(', '),
    ...(scene.networks && realNetworks(pid)),
    ...(scene.places && realPlaces(pid, own)),
    ...(scene.tree && { tree: realTree(`/proc/${pid}/root`) }),
  };
}

/** status, limits and stat, one after another. */
function executedShown(text: string): Record<string, string> {
  const limits = text.indexOf('Limit  ');
  const stat = text.lastIndexOf('\n', text.length - 2) + 1;
  return shownOf(text.slice(0, limits), text.slice(limits, stat), text.slice(stat));
}
