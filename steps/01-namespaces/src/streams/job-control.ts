import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { syscallNumber, thisMachine } from 'shared-native';

/** Is this process one of a group that isn't its terminal's foreground? proc_pid_stat(5) has both: pgrp and tpgid. */
export function isInBackground(): boolean {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  const [, , pgrp, , tty, tpgid] = fields;
  return tty !== '0' && tpgid !== pgrp;
}

const READ = syscallNumber('read', thisMachine());

/** Is one of a process's threads, or of its descendants', in a read of a pipe? proc_pid_syscall(5) */
export function waitsForInput(pid: number, pipe: number): boolean {
  return orNone(() => readdirSync(`/proc/${pid}/task`)).some((thread) => {
    const task = `/proc/${pid}/task/${thread}`;
    const [number, descriptor] = orNone(() => readFileSync(`${task}/syscall`, 'utf8').split(' '));
    if (Number(number) === READ && isPipe(`/proc/${pid}/fd/${Number(descriptor)}`, pipe)) return true;
    const children = orNone(() => readFileSync(`${task}/children`, 'utf8').split(' '));
    return children.some((child) => Number(child) > 0 && waitsForInput(Number(child), pipe));
  });
}

function isPipe(descriptor: string, pipe: number): boolean {
  return orNone(() => [readlinkSync(descriptor)]).includes(`pipe:[${pipe}]`);
}

/** What there is of a process, which may have ended. */
function orNone(look: () => string[]): string[] {
  try {
    return look();
  } catch {
    return [];
  }
}
