/** A part of a container's life, in time: what the host does, or what the first process does. */
export type SectionId =
  | 'before'
  | 'clone'
  | 'born'
  | 'gate'
  | 'join'
  | 'adopt'
  | 'open'
  | 'setup'
  | 'enter'
  | 'inside'
  | 'takes'
  | 'leave'
  | 'privileges'
  | 'exec'
  | 'after';

/** An argument of a call: its man-page name, how it is shown, and what is in its cell if that says more. */
export type Argument = readonly [name: string, text: string, raw?: string];

/** What a line is there for. */
export interface Origin {
  /** The number of the step that added it; 0 is what every clone does (shared-native), or what a bundle asks for. */
  readonly step: number;
  /** The field of config.json that asks for it, such as `linux.maskedPaths`. */
  readonly field?: string;
}

/** One line of a plan, as the explorer shows it. */
export interface Line extends Origin {
  readonly kind: 'call' | 'deed' | 'namespace';
  /** The call, the shell command, or the namespace. */
  readonly text: string;
  /** What it does, in plain words. */
  readonly words: string;
  /** Two lines of one key are the same thing done in another way: a limit with another number, say. */
  readonly key: string;
  /** The system call's name. */
  readonly name?: string;
  readonly args?: readonly Argument[];
  /** What its record holds besides: the least result that is success, and the error that is fine. */
  readonly least?: number;
  readonly tolerates?: string;
  /** For several that differ in one argument only: that argument of each. */
  readonly alike?: readonly string[];
  /** The shell commands that undo it. */
  readonly undo?: readonly string[];
  readonly manual?: readonly [title: string, address: string];
}

/** A plan's lines, by section. */
export type Sections = Readonly<Record<SectionId, readonly Line[]>>;

/** Something to be switched on: flags of a command line, or another kind of machine. */
export interface Toggle {
  readonly id: string;
  /** As it is typed; none for what is the machine's. */
  readonly args: readonly string[];
  readonly label: string;
  readonly words: string;
  /** The first step that has it. */
  readonly since: number;
  /** Is it on in that step's lesson? */
  readonly shows?: true;
}

/** A step, as far as the explorer shows it. */
export interface StepFacts {
  readonly number: number;
  readonly title: string;
  /** Has its command a root filesystem as its first argument? */
  readonly takesRootfs: boolean;
  /** `03-limits`: its folder, and its lesson's name. */
  readonly folder: string;
}

/** What is known of a system call: its manual page, and its number on x86-64 and arm64. */
export interface CallFacts {
  readonly title: string;
  readonly address: string;
  readonly x64: string;
  readonly arm64: string;
}

/** A plan that is asked for: a step's command line, on a machine of one of two kinds, or a bundle. */
export interface Asked {
  readonly step: number;
  readonly args: readonly string[];
  readonly v1: boolean;
  /** What runs in it: sh unless given. */
  readonly command?: readonly string[];
  /** A config.json, whose plan by the OCI runtime is meant instead. */
  readonly config?: string;
}

/** A `docker run …` as step 10 understands it. */
export interface Docker {
  readonly args: readonly string[];
  readonly command: readonly string[];
  /** Its flags that change nothing of the plan, or that the steps don't know. */
  readonly ignored: readonly string[];
}

/** Something that a process has: a name that stays, and what it is just now. */
export type Row = readonly [name: string, text: string];

export interface Group {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** What there is after a line; null for a line that is not reached. */
export interface Moment {
  readonly groups: readonly Group[] | null;
  /** The error that it answered, by its name. */
  readonly error?: string;
}

/** What a plan comes to in the model of the kernel. */
export interface Trace {
  /** By place, such as `setup.0`. */
  readonly moments: Readonly<Record<string, Moment>>;
  readonly end: string;
  /** What stopped it, if something did. */
  readonly stopped?: string;
  /** What the host then has. */
  readonly host: readonly Row[];
  /** From where the process can reach a file of the host's. */
  readonly wayOut: string | undefined;
  readonly last: readonly Group[];
}

/** The steps' own code, which makes plans, and the model of the kernel, which makes their calls. */
export interface Engine {
  readonly steps: readonly StepFacts[];
  readonly toggles: readonly Toggle[];
  /** What is known of a system call by its name. */
  facts(name: string): CallFacts | undefined;
  /** What each flag of the kernel's means. */
  readonly flags: Readonly<Record<string, string>>;
  /** A config.json to begin with. */
  readonly example: string;
  /** @throws {Error} if it is no `docker run` */
  docker(line: string): Docker;
  /** @throws {Error} as the step's command does */
  sections(asked: Asked): Sections;
  /** @param without - places of lines that are left out */
  trace(asked: Asked, without?: readonly string[]): Trace;
}
