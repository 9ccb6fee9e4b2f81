import { toldIn } from './journal.ts';
import { processStat } from './process-stat.ts';

/** A running container, as its journal describes it. */
export interface Running {
  readonly name: string;
  /** Its first process, by its number on the host. */
  readonly pid: number;
  /** When that started: proc_pid_stat(5). */
  readonly started: string;
  /** The step whose command runs it, `step-04`. */
  readonly step: string;
  /** What it was to be like, as JSON keeps it: the options of that step. */
  readonly options: Readonly<Record<string, unknown>>;
}

let elsewhere: (name: string) => unknown = () => undefined;

/** Says where else to look for how a container runs if its journal is gone: `/run` may have been cleaned. */
export function whenToldNowhere(look: (name: string) => unknown): void {
  elsewhere = look;
}

/**
 * The container of a name, whose first process has become its command.
 *
 * @throws {Error} that says, in a sentence, that there is none, that it isn't running its command yet, or that it is ending
 */
export function runningContainer(name: string): Running {
  const told = /^[\w.-]+$/.test(name) && !name.startsWith('.') ? whatIsTold(name) : undefined;
  if (told === undefined) throw new Error(`No such container: ${name}`);
  if (told === null) throw notYet(name);
  const running = { name, ...(told as Omit<Running, 'name'>) };
  const stat = processStat(running.pid);
  if (stat?.started !== running.started) throw new Error(`Container ${name} is not running`);
  if (stat.ending) throw new Error(`Container ${name} is ending, and nothing can join it any more`);
  // Until execve its memory is that of the process that made it: both have it at one place.
  const isCommand = stat.layout === undefined || stat.layout !== processStat(stat.parent)?.layout;
  if (isCommand) return running;
  throw notYet(name);
}

/** What its journal says; null as long as that says nothing yet. Without a journal, what is told elsewhere. */
function whatIsTold(name: string): unknown {
  const told = toldIn(name);
  return told === undefined ? elsewhere(name) : told;
}

function notYet(name: string): Error {
  return new Error(`Container ${name} is being started, and not yet its command: try again`);
}
