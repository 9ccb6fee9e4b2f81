import type { NetworkNamespace } from '../../state.ts';
import type { Seen, Verdict } from '../nft/rule.ts';
import { type Base, chainsAt } from '../nft/tables.ts';

/** Does a packet get past the chains that filter at a hook? Each has to let it through. */
export function passes(network: NetworkNamespace, hook: string, seen: Seen, device?: string): boolean {
  return chainsAt(network, hook)
    .filter((chain) => chain.type === 'filter' && sees(chain, seen) && chain.device === device)
    .every((chain) => {
      const verdict = verdictOf(chain, seen);
      return verdict ? verdict.kind !== 'drop' : !chain.drops;
    });
}

/** How the chains that translate at a hook translate the first packet of a connection: the first that does decides. */
export function translation(network: NetworkNamespace, hook: string, seen: Seen): Verdict | undefined {
  for (const chain of chainsAt(network, hook)) {
    if (chain.type !== 'nat' || !sees(chain, seen)) continue;
    const verdict = verdictOf(chain, seen);
    if (verdict && verdict.kind !== 'accept' && verdict.kind !== 'return') return verdict;
    if (!verdict && chain.drops) return { kind: 'drop' };
  }
  return undefined;
}

function sees({ family }: Base, { kind }: Seen): boolean {
  return family === 'netdev' || family === kind || (family === 'inet' && kind !== 'arp');
}

function verdictOf({ rules }: Base, seen: Seen): Verdict | undefined {
  return rules.find((rule) => rule.verdict && rule.matches.every((matches) => matches(seen)))?.verdict;
}
