import type { Argument, Command } from 'commander';

/** What docker calls the arguments of a command, where their own names don't say it. `image tag` is `tag`. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  commit: 'CONTAINER [REPOSITORY[:TAG]]',
  'container inspect': 'CONTAINER [CONTAINER...]',
  cp: 'CONTAINER:SRC_PATH DEST_PATH|-',
  'image inspect': 'IMAGE [IMAGE...]',
  'image ls': '[REPOSITORY[:TAG]]',
  images: '[REPOSITORY[:TAG]]',
  import: 'file|URL|- [REPOSITORY[:TAG]]',
  inspect: 'NAME|ID [NAME|ID...]',
  port: 'CONTAINER [PRIVATE_PORT[/PROTO]]',
  pull: 'NAME[:TAG|@DIGEST]',
  push: 'NAME[:TAG]',
  rename: 'CONTAINER NEW_NAME',
  search: 'TERM',
  start: 'CONTAINER [CONTAINER...]',
  tag: 'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
  top: 'CONTAINER [ps OPTIONS]',
};

/** How a command is typed, as docker writes it: `./boxstep run [OPTIONS] IMAGE [COMMAND] [ARG...]`. */
export function usageLine(command: Command): string {
  const typed = typedAs(command);
  if (command.commands.length > 0) return `${typed}${command.parent ? '' : ' [OPTIONS]'} COMMAND`;
  const options = ownOptions(command).length > 0 ? ['[OPTIONS]'] : [];
  const name = typed.split(' ').slice(1).join(' ');
  const its = [name, name.replace(/^(container|image) /, '')].find((one) => Object.hasOwn(ARGUMENTS, one));
  const of = its === undefined ? command.registeredArguments.map(word) : [ARGUMENTS[its]];
  const line = [typed, ...options, ...of].join(' ');
  return command.name() === 'cp' ? `${line}\n\t${typed} [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH` : line;
}

/** A command's whole name, as it is typed from here. */
export function typedAs(command: Command): string {
  return command.parent ? `${typedAs(command.parent)} ${command.name()}` : command.name();
}

/** The flags of a command that aren't every command's. */
export function ownOptions(command: Command): Command['options'] {
  return command.options.filter(({ long, hidden }) => !hidden && (long !== '--root' || !command.parent));
}

function word(argument: Argument): string {
  const name = argument.name().toUpperCase();
  const more = name === 'COMMAND' ? '[ARG...]' : `[${name}...]`;
  if (!argument.variadic) return argument.required ? name : `[${name}]`;
  if (!argument.required) return name === 'COMMAND' ? `[${name}] ${more}` : more;
  return `${name} ${more}`;
}
