import { readdirSync, readFileSync } from 'node:fs';

/** Is there such a process, and is it more than a zombie that nobody has reaped yet? */
export function alive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The processes of this machine whose command line has a word, each as its number and command line. */
export function processesWith(word: string): { pid: number; line: string }[] {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
  return pids.map((pid) => ({ pid, line: commandLine(pid) })).filter(({ line }) => line.includes(word));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return ''; // it has ended
  }
}
