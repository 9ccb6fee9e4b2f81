import { readFileSync, writeFileSync } from 'node:fs';
import { asIp, delLink, forgetUdpFlows, type Message, nft, request, type SyscallError } from 'shared-native';
import { newDeed } from 'step-04';
import { asCommands, removing, type Table, type TableName } from './tables.ts';

/** Tells the kernel something of links, addresses and routes, as `ip` does. */
export const tellKernel = newDeed<Message>('rtnetlink', {
  asShell: asIp,
  carryOut: (message, pid) => request(message, pid),
});

/** Removes an interface. Fine if it's gone. */
export const removeLink = newDeed<string>('remove-link', {
  asShell: (name) => `ip link del ${name}`,
  carryOut: (name) => unlessGone(() => request(delLink(name))),
});

/** Does something to an interface. Fine if it's gone. */
export function unlessGone(doing: () => void): void {
  try {
    doing();
  } catch (error) {
    if ((error as SyscallError).code !== 'ENODEV') throw error;
  }
}

/** Makes tables of nftables, all of them or none. It is an error if one is there. */
export const makeTables = newDeed<readonly Table[]>('make-tables', {
  asShell: asHereDocument,
  carryOut: (tables) => nft(asCommands(tables)),
});

/**
 * Makes a table that several containers use. Fine if it's there: then it's whole, since nftables makes all of it or nothing. It
 * is looked for first, because a `create` that fails costs 8 ms: the kernel waits for all that may still see the table.
 */
export const makeSharedTable = newDeed<Table>('make-shared-table', {
  asShell: (table) => asHereDocument([table]),
  carryOut(table) {
    if (fails(/No such file/, `list table ${table.family} ${table.name}`)) fails(/File exists/, asCommands([table])); // somebody has been faster
  },
});

/** Gives commands to nftables. True if they failed with this error. */
function fails(error: RegExp, commands: string): boolean {
  try {
    nft(commands);
    return false;
  } catch (thrown) {
    if (error.test((thrown as Error).message)) return true;
    throw thrown;
  }
}

/** Removes a chain of a container's rules for its cables. Fine if it's gone. */
export const dropChain = newDeed<readonly [table: string, chain: string]>('drop-chain', {
  asShell: ([table, chain]) => `nft delete chain netdev ${table} ${chain}`,
  carryOut: ([table, chain]) => void fails(/No such file/, `delete chain netdev ${table} ${chain}`),
});

/** Removes tables. Fine if they are gone. */
export const removeTables = newDeed<readonly TableName[]>('remove-tables', {
  asShell: (tables) => `nft '${removing(tables)}'`,
  carryOut: dropTables,
});

/**
 * Removes tables, if they are there: in one transaction, because each takes the kernel about 10 ms. A kernel that has no
 * nftables, or no tables of a family, has none to remove; it may have those of the other family.
 */
export function dropTables(tables: readonly TableName[]): void {
  if (!fails(/not supported/, removing(tables))) return;
  for (const table of tables) fails(/not supported/, removing([table]));
}

/**
 * Makes the kernel forget where it has led the UDP flows to these ports of the host: a flow has no end, so as long as its sender
 * goes on, the kernel leads it where it led its first packet, whatever the rules say by now.
 */
export const forgetFlows = newDeed<readonly number[]>('forget-flows', {
  asShell: (ports) => ports.map((port) => `conntrack -D -p udp --orig-port-dst ${port}`).join('; '),
  carryOut: (ports) => forgetUdpFlows(ports),
});

interface Variable {
  readonly path: string;
  readonly value: string;
  /** Does everything work without it, only more slowly? */
  readonly isWish?: boolean;
}

/** Sets a variable of this network namespace, unless it has the value already: where none may be written, one may be right. */
export const setVariable = newDeed<Variable>('sysctl', {
  asShell: ({ path, value }) => `echo ${value} > ${path}`,
  carryOut({ path, value, isWish = false }) {
    try {
      if (readFileSync(path, 'utf8').trim() !== value) writeFileSync(path, value);
    } catch (error) {
      if (!isWish) throw error;
    }
  },
});

function asHereDocument(tables: readonly Table[]): string {
  return `nft -f - <<'EOF'\n${asCommands(tables)}EOF`;
}
