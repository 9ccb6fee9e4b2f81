import { shortHash, state } from 'step-04';

/** A table of nft(8). */
export interface TableName {
  readonly family: 'inet' | 'netdev';
  readonly name: string;
}

/** A table with its chains: by name, the lines of each, of which the first says where it is hooked in. */
export interface Table extends TableName {
  readonly chains: Readonly<Record<string, readonly string[]>>;
}

/** The longest that a table's name may be: NFT_TABLE_MAXNAMELEN in <linux/netfilter/nf_tables.h>, with its NUL byte. */
const LONGEST = 255;

/** What a container's own tables are called. A container's name may be as long as a table's by itself. */
export function tableOf(container: string): string {
  const name = `${state().name}_${container}`;
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 8)}_${shortHash(container)}` : name;
}

/** The commands that make tables; together they are one transaction. `create` is `add` that fails if there is one. */
export function asCommands(tables: readonly Table[]): string {
  const lines = tables.flatMap(({ family, name, chains }) => [
    `create table ${family} ${name}`,
    `table ${family} ${name} {`,
    ...Object.entries(chains).flatMap(([chain, rules]) => [
      `  chain ${chain} {`,
      ...rules.map((rule) => `    ${rule}`),
      '  }',
    ]),
    '}',
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

/** The commands that remove tables. Each is added first, so that it is there: nft has a word for that only since 1.0.7. */
export function removing(tables: readonly TableName[]): string {
  return tables.map(({ family, name }) => `add table ${family} ${name}; delete table ${family} ${name}`).join('; ');
}
