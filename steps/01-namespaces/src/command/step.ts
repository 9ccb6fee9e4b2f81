import type { Command } from 'commander';
import type { Deed } from '../engine/action.ts';
import type { Plan } from '../engine/plan.ts';
import type { Container, Ended } from '../engine/start.ts';
import type { Options } from '../options.ts';

/** A step as its command sees it: what `main` needs to know to be the command of any step. */
export interface Step<O extends Options = Options> {
  /** The package's name, `step-01`. */
  readonly name: string;
  /** What it teaches, in a few words. */
  readonly title: string;
  /** The arguments of `run` and `plan` after the flags, as commander writes them, and what they are. */
  readonly positionals: readonly (readonly [name: string, description: string])[];
  /** Adds its flags, and those of the steps before, to a command. */
  options(command: Command): Command;
  // biome-ignore lint/suspicious/noExplicitAny: what the flags are, only `options` and `read` of one step know
  read(flags: any, positionals: readonly string[]): O;
  plan(options: O): Plan;
  /**
   * Makes this process root, unless it is, before a command that needs root. A step without it refuses all other users.
   *
   * @param explain - print what it does?
   * @throws {Error} that says in a sentence what is missing
   */
  asRoot?(explain: boolean): Promise<void>;
  /** How it does so, as a plan, which comes before that of a container; undefined for root. */
  becomesRoot?(): Plan | undefined;
  /**
   * What must be there before a container runs, such as an unpacked archive. What takes long, it says.
   *
   * @returns the options, with what could only be known now: an address that was free, say
   */
  prepare(options: O, say: (line: string) => void): Promise<O>;
  /** Those of 0, 1 and 2 that the container has of the caller: all of them unless given. */
  streams?(options: O): readonly number[];
  /**
   * Connects the caller with a container that runs, where that takes more than passing on standard streams.
   *
   * @param gone - called with the error when the container's output can't be shown any more
   */
  attach?(container: Container, options: O, gone: (error: Error) => void): Attachment | undefined;
  /** What the container gets for a SIGTERM, where no flag says so: SIGTERM unless given. */
  stopSignal?(options: O): number | undefined;
  /** What there is to say of a container that has ended, a line each; the plan's `readings` are in `ended`. */
  report(ended: Ended, options: O): readonly string[];
  /** By container name, what undoes the rest of a container whose journal a reboot has removed. */
  left?(): ReadonlyMap<string, readonly Deed[]>;
  /** Its commands besides `run`, `plan`, `prune` and `demo`, and in their place where they have such a name. */
  readonly commands: readonly Subcommand[];
  /** The command line that is meant when there is none, on a terminal: `run` unless given. */
  readonly shell?: readonly string[];
  /** How it refuses a command line, and shows help, where that isn't commander's way. */
  readonly usage?: CommandUsage;
  /** A few command lines that show the new thing happening, each with a sentence before it. */
  demo(): readonly Showing[];
}

/** A connection between the caller and a container. */
export interface Attachment {
  /** To be called when the container has ended. Settles when all that it wrote has arrived. Never rejects. */
  end(): Promise<void>;
  /** Settles, with the exit status, if the caller leaves and the command goes on. */
  readonly left?: Promise<number>;
}

/** What a command says of its own use. */
export interface CommandUsage {
  /** Is shown each command when its flags are declared. */
  declared(command: Command): void;
  help(command: Command): string;
  /**
   * What to say of a command line that can't be taken, and the exit status.
   *
   * @param error - commander's, or what reading a flag's value threw
   * @param command - the one that was meant, as far as it is known
   * @param words - the command line, as it was typed
   */
  refusal(
    error: Error,
    command: Command,
    words: readonly string[],
  ): { readonly message: string; readonly status: number };
}

/** Flags that contradict each other, or a value that means nothing. */
export class Misuse extends Error {
  override readonly name = 'Misuse';

  /** The exit status, whatever the command's own is when it fails. */
  readonly status: number;

  constructor(message: string, status = 125) {
    super(message);
    this.status = status;
  }
}

/** A command of a step besides those that every step has. */
export interface Subcommand {
  /** One word, or two for one of a group: `image ls`. */
  readonly name: string;
  readonly description: string;
  readonly positionals: readonly (readonly [name: string, description: string])[];
  readonly needsRoot: boolean;
  options?(command: Command): Command;
  /** Another name of a command that help shows already. */
  readonly hidden?: boolean;
  /** The exit status when it throws: 125 unless given. Docker's is 1, but for `run`. */
  readonly failure?: number;
  // biome-ignore lint/suspicious/noExplicitAny: what the flags are, only `options` of one command knows
  run(flags: any, positionals: readonly string[]): Promise<number> | number;
}

/** One command line of a demo: arguments of `run`, unless another command is named. */
export interface Showing {
  readonly says: string;
  readonly command?: string;
  readonly run: readonly string[];
}
