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

/** One line of a plan, as the explorer shows it. */
export interface Line {
  readonly kind: 'call' | 'deed' | 'namespace';
  /** The number of the step that added it; 0 is what every clone does (shared-native). */
  readonly step: number;
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

/** The lines of a section, for each combination of the toggles that it depends on: bit n of the index is `depends[n]`. */
export interface Section {
  readonly id: SectionId;
  readonly depends: readonly string[];
  /** Numbers of lines. */
  readonly lists: readonly (readonly number[])[];
}

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

/** A step, and all its plans. */
export interface StepData {
  readonly number: number;
  /** Its folder, such as `02-rootfs`. */
  readonly folder: string;
  readonly title: string;
  /** Has its command a root filesystem as its first argument? */
  readonly takesRootfs: boolean;
  readonly sections: readonly Section[];
}

/** What is known of a system call: its manual page, and its number on x86-64 and arm64. */
export interface CallFacts {
  readonly title: string;
  readonly address: string;
  readonly x64: string;
  readonly arm64: string;
}

/** All that the explorer shows. It is JSON. */
export interface ExplorerData {
  readonly steps: readonly StepData[];
  readonly toggles: readonly Toggle[];
  readonly lines: readonly Line[];
  readonly calls: Readonly<Record<string, CallFacts>>;
  /** What each flag that occurs means. */
  readonly flags: Readonly<Record<string, string>>;
}
