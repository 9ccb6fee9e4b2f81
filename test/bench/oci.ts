import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Options, processStat } from '../../steps/01-namespaces/src/index.ts';
import { type Command, commandContender, runCommand } from './command.ts';
import { cpuOf } from './cpu.ts';
import { SLEEP } from './exec.ts';
import type { Contender } from './interleave.ts';
import { NOTHING, REPOSITORY } from './ours.ts';
import { makeBundle } from './rivals.ts';

const ID = `boxstep-bench-oci-${process.pid}`;

/** Commands of an OCI runtime, each after those that a container has to be through before. */
const AFTER = {
  features: [],
  create: [],
  state: ['create'],
  start: ['create'],
  kill: ['create', 'start'],
  delete: ['create', 'start', 'kill'],
} as const;

export type Verb = keyof typeof AFTER;

export const VERBS = Object.keys(AFTER) as Verb[];

/** An OCI runtime with a bundle, and a directory for its containers. */
interface Runtime {
  command(verb: Verb): Command;
  /** Removes its container, however it is. */
  remove(): Promise<void>;
  /** Waits until the container's process has ended. */
  ended(): Promise<void>;
}

export function runtimes(directory: string, options: Options): Runtime[] {
  const ours = join(REPOSITORY, 'scripts/boxstep-oci');
  return [runtime('ours', ours, directory, options), runtime('runc', 'runc', directory, options)];
}

function runtime(name: string, program: string, directory: string, options: Options): Runtime {
  const bundle = makeBundle(join(directory, `bundle-oci-${name}`), options, SLEEP);
  const pidFile = join(bundle, 'pid');
  const words: Record<Verb, readonly string[]> = {
    features: [],
    create: ['--bundle', bundle, '--pid-file', pidFile, ID],
    state: [ID],
    start: [ID],
    kill: [ID, 'KILL'],
    delete: [ID],
  };
  const typed = (...rest: string[]): Command => ({
    name: name === 'ours' ? `boxstep-oci ${rest[0]}` : `${name} ${rest[0]}`,
    argv: [program, '--root', join(directory, `oci-${name}`), ...rest],
    packages: name,
    leaves: rest[0] === 'create',
  });
  return {
    command: (verb) => typed(verb, ...words[verb]),
    remove: async () => void (await runCommand(typed('delete', '--force', ID))),
    async ended() {
      const pid = Number(readFileSync(pidFile, 'utf8'));
      while (processStat(pid)?.ending === false) await sleep(1);
    },
  };
}

/** A command of a runtime on a new container each time, of which only that command is measured. */
function contender(runtime: Runtime, verb: Verb): Contender {
  const command = runtime.command(verb);
  const taken = { cpu: 0 };
  return {
    name: command.name,
    cpu: () => taken.cpu,
    async measure(times) {
      const all: number[] = [];
      for (let i = 0; i < times; i++) {
        try {
          for (const before of AFTER[verb]) await runCommand(runtime.command(before));
          if (verb === 'delete') await runtime.ended();
          const used = cpuOf('self').children;
          all.push((await runCommand(command)).time);
          taken.cpu += cpuOf('self').children - used;
        } finally {
          if (verb !== 'features') await runtime.remove();
        }
      }
      return all;
    },
  };
}

/** Who carries out a command: nobody, which takes Node's own time, ours, and runc. */
export function carriers(all: readonly Runtime[], verb: Verb): Contender[] {
  return [commandContender(NOTHING), ...all.map((one) => contender(one, verb))];
}
