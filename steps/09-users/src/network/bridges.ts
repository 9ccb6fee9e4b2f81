import { DEFAULT_NETWORK, isUsers, type Subcommand, type Wanted } from 'step-08';

/** Refuses what an ordinary user can't have: networks that are bridges of the host's. */
export function assertNoBridge(networks: readonly Wanted[]): void {
  const found = networks.find(
    ({ network }) => !/^(none|host|container:.*)$/.test(network) && network !== DEFAULT_NETWORK,
  );
  if (found && isUsers()) throw new Error(onlyRoot(found.network));
}

/** `network create`, which refuses an ordinary user. */
export function withoutBridges(command: Subcommand): Subcommand {
  if (command.name !== 'network create') return command;
  return {
    ...command,
    run(flags, [name = '', ...others]) {
      if (isUsers()) throw new Error(onlyRoot(name));
      return command.run(flags, [name, ...others]);
    },
  };
}

function onlyRoot(name: string): string {
  return `network ${name}: containers of an ordinary user have a network each, by pasta, and none that they share: a bridge takes root. Type: sudo ./boxstep 9 network create ${name}`;
}
