import { Command, Help, type Option } from 'commander';
import { SWARM_GROUPS } from '../command/swarm.ts';
import { globalFlags } from './globals.ts';
import { ownOptions, typedAs, usageLine } from './line.ts';

/** The commands that docker's help begins with, in its order. */
const COMMON = ['run', 'exec', 'ps', 'pull', 'push', 'images', 'login', 'logout', 'search', 'version', 'info'];
const layout = new Help();

/**
 * A command's help in docker's form: usage, other names, flags in the order of their long names, commands in groups.
 *
 * @param aliases - its names, and those of the same command
 */
export function help(command: Command, aliases: readonly string[]): string {
  const isRoot = command.parent === null;
  const shown = layout.visibleCommands(command).toSorted((one, other) => (one.name() < other.name() ? -1 : 1));
  const grouped = isRoot ? groups(shown) : [{ title: 'Commands', all: shown }];
  const options = isRoot ? [...ownOptions(command), ...globalFlags(new Command()).options] : ownOptions(command);
  const flags = section(isRoot ? 'Global Options' : 'Options', options.toSorted(byName).map(flagRow));
  const parts = [
    `Usage:  ${usageLine(command)}`,
    command.description(),
    aliases.length > 1 ? `Aliases:\n  ${aliases.map((name) => `${rootOf(command)} ${name}`).join(', ')}` : '',
    ...(isRoot ? [] : [flags]),
    ...grouped.map(({ title, all }) => section(title, all.map(commandRow))),
    ...(isRoot ? [flags] : []),
    shown.length > 0 ? `Run '${typedAs(command)} COMMAND --help' for more information on a command.` : '',
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

type Row = readonly [term: string, description: string];

function section(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const width = Math.max(...rows.map(([term]) => term.length));
  layout.prepareContext({ helpWidth: process.stdout.columns ?? 80, outputHasColors: false });
  return [`${title}:`, ...rows.map(([term, text]) => layout.formatItem(term, width, text, layout))].join('\n');
}

function groups(all: readonly Command[]): { title: string; all: readonly Command[] }[] {
  const isGroup = (command: Command) => command.commands.length > 0;
  return [
    { title: 'Common Commands', all: COMMON.flatMap((name) => all.find((one) => one.name() === name) ?? []) },
    { title: 'Management Commands', all: all.filter((one) => isGroup(one) && !SWARM_GROUPS.includes(one.name())) },
    { title: 'Swarm Commands', all: all.filter((one) => SWARM_GROUPS.includes(one.name())) },
    { title: 'Commands', all: all.filter((one) => !isGroup(one) && !COMMON.includes(one.name())) },
  ];
}

function commandRow(command: Command): Row {
  return [command.name(), command.description()];
}

/** `-m, --memory bytes`, below `    --mount mount`. */
function flagRow({ short, flags, long, negate, description }: Option): Row {
  const [, value] = /[<[](.*)[>\]]/.exec(flags) ?? [];
  const name = `${short ? `${short}, ` : '    '}${long}`;
  return [value === undefined || negate ? name : `${name} ${value.replaceAll(' ', '-')}`, description];
}

function byName(one: Option, other: Option): number {
  return (one.long ?? '') < (other.long ?? '') ? -1 : 1;
}

function rootOf(command: Command): string {
  return command.parent ? rootOf(command.parent) : command.name();
}
