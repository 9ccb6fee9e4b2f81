import type { Command } from 'commander';

/** What those groups are for whose names alone don't say it. */
const ABOUT: Readonly<Record<string, string>> = {
  builder: 'clear the build cache',
  stack: 'manage stacks of a swarm',
  swarm: 'manage a swarm',
  system: 'show and clear what there is on this machine',
};

/** `image`, of which there are `image ls` and others. It shows which. */
export function groupOf(program: Command, name: string): Command {
  const there = program.commands.find((one) => one.name() === name);
  if (there) return there;
  const group = program
    .command(name)
    .argument('[command...]')
    .enablePositionalOptions()
    .helpOption('--help', 'show this');
  return group
    .description(ABOUT[name] ?? `manage ${name}s`)
    .usage('command…')
    .allowUnknownOption()
    .action(([word]: string[]) =>
      word === undefined
        ? group.outputHelp({ error: true })
        : group.error(`unknown command '${name} ${word}'`, { code: 'commander.unknownCommand' }),
    );
}

/** The command whose name words begin with, that name, and the words after it. */
export function commandOf(program: Command, words: readonly string[]): CommandLine {
  const below = program.commands.find((one) => one.name() === words[0]);
  if (!below) return { command: program, names: [], rest: words };
  const found = commandOf(below, words.slice(1));
  return { ...found, names: [below.name(), ...found.names] };
}

interface CommandLine {
  readonly command: Command;
  readonly names: readonly string[];
  readonly rest: readonly string[];
}
