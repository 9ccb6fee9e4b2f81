import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { state } from 'step-01';

/** Is there such a process, and is it more than a zombie that nobody has reaped yet? */
export function alive(pid: number): boolean {
  return /^State:\s+[^ZX]/m.test(told(pid, 'status'));
}

/**
 * The processes whose command line has a word, each as its number and command line.
 *
 * @param isMeant - which of them: those of this file of tests, unless the word is one that nobody else has
 */
export function processesWith(
  word: string,
  isMeant: (pid: number) => boolean = isOurs,
): { pid: number; line: string }[] {
  return numbers()
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({ pid, line: told(pid, 'cmdline').replaceAll('\0', ' ').trim() }))
    .filter(({ pid, line }) => line.includes(word) && isMeant(pid));
}

/** The numbers of the processes that are in a namespace of one of them. */
export function processesIn(kind: 'net' | 'pid', pid: number): number[] {
  const namespace = readlinkSync(`/proc/${pid}/ns/${kind}`);
  return numbers().filter((one) => leadsTo(one, `ns/${kind}`) === namespace);
}

function numbers(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Does what is typed go to a process, which isn't stopped? A shell says so before it is so. */
export function isInForeground(pid: number): boolean {
  const [state, , group, , , foreground] = told(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return group === foreground && state !== 'T';
}

/** The real user id of a process. */
export function userOf(pid: number): number {
  return Number(/^Uid:\s+(\d+)/m.exec(told(pid, 'status'))?.[1]);
}

/** Was it given our root, or is it in a container of it, where nobody gives it any such thing; or was its parent? */
function isOurs(pid: number): boolean {
  const isGiven = told(pid, 'environ').split('\0').includes(`BOXSTEP_ROOT=${process.env.BOXSTEP_ROOT}`);
  if (isGiven || told(pid, 'cgroup').includes(`/${state().name}/`)) return true;
  const parent = Number(/^PPid:\s+(\d+)/m.exec(told(pid, 'status'))?.[1] ?? 0);
  return parent !== 0 && isOurs(parent);
}

/** What a file of a process says; nothing if that has ended. */
function told(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function leadsTo(pid: number, link: string): string {
  try {
    return readlinkSync(`/proc/${pid}/${link}`);
  } catch {
    return '';
  }
}
