import { CAP_NET_ADMIN } from '../../../kernel/constants.ts';
import { fail, ModelError } from '../../errors.ts';
import { capable } from '../../process/capabilities.ts';
import type { NetworkNamespace, NftFamily, NftTable, State, UserNamespace } from '../../state.ts';
import { parseRule, type Rule } from './rule.ts';

type TableName = Pick<NftTable, 'family' | 'name'>;

/**
 * Adds tables in the network namespace of the process, all or none: as one transaction of nft(8) does.
 *
 * @throws EPERM; EEXIST if one is there already
 * @throws {ModelError} for what isn't in the subset of nft that the model knows
 */
export function addTables(state: State, tables: readonly NftTable[]): void {
  const network = changeable(state);
  for (const table of tables) chainsOf(table);
  const isThere = (table: NftTable) => network.tables.some((one) => isSame(one, table));
  if (tables.some(isThere)) fail('EEXIST');
  network.tables.push(...tables);
}

/** Removes tables; fine if one isn't there. @throws EPERM */
export function removeTables(state: State, tables: readonly TableName[]): void {
  const network = changeable(state);
  const kept = network.tables.filter((table) => !tables.some((one) => isSame(one, table)));
  network.tables.splice(0, network.tables.length, ...kept);
}

function changeable(state: State): NetworkNamespace {
  const { net } = state.process.namespaces;
  return capable(state, net.owner as UserNamespace, CAP_NET_ADMIN) ? net : fail('EPERM');
}

const isSame = (one: TableName, other: TableName) => one.family === other.family && one.name === other.name;

/** A chain that packets come by. */
export interface Base {
  readonly family: NftFamily;
  readonly type: string;
  readonly hook: string;
  readonly priority: number;
  /** Of `ingress`: the interface. */
  readonly device: string | undefined;
  readonly drops: boolean;
  readonly rules: readonly Rule[];
}

const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

/** The chains at a hook, in the order in which packets come by them. */
export function chainsAt({ tables }: NetworkNamespace, hook: string): Base[] {
  const all = tables.flatMap(chainsOf);
  return all.filter((chain) => chain.hook === hook).sort((one, other) => one.priority - other.priority);
}

const known = new WeakMap<NftTable, Base[]>();

/** A table's chains. They are read once: a packet comes by them at every hook. */
function chainsOf(table: NftTable): Base[] {
  const { family, chains } = table;
  const all = known.get(table) ?? Object.values(chains).map((lines) => ({ family, ...parseChain(lines) }));
  known.set(table, all);
  return all;
}

function parseChain([head = '', ...more]: readonly string[]): Omit<Base, 'family'> {
  const [header, ...rest] = head.split(';').map((part) => part.trim());
  const [, type, hook, device, priority = ''] =
    /^type (filter|nat) hook (\w+)(?: device "([^"]*)")? priority ([\w+-]+(?: [+-] \d+)?)$/.exec(header ?? '') ?? [];
  if (type === undefined || hook === undefined)
    throw new ModelError(`the model doesn't know this chain of nft: ${head}`);
  const policies = rest.filter((part) => part.startsWith('policy '));
  const rules = [...rest.filter((part) => part !== '' && !part.startsWith('policy ')), ...more].map(parseRule);
  const number = Object.hasOwn(PRIORITIES, priority) ? (PRIORITIES[priority] as number) : Number(priority);
  if (!Number.isInteger(number)) throw new ModelError(`the model doesn't know the priority ${priority}`);
  return { type, hook, device, priority: number, drops: policies.includes('policy drop'), rules };
}
