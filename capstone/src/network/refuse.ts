import { DEFAULT_NETWORK, refuseUnsupported, type Wanted } from 'step-10';
import type { BoxRecord } from '../containers/record.ts';

/** @throws {Error} in docker's words, if a container can't be on a network that it isn't on, beside those that it is on */
export function refuseNetwork({ options }: BoxRecord, wanted: Wanted): void {
  const { network, aliases, ip, ip6 } = wanted;
  refuseUnsupported(wanted);
  const on = options.networks.map((one) => one.network);
  const isHosts = on.includes('host');
  if (network === 'host' && !isHosts)
    throw new Error('cannot connect container to host network - container must be created in host network mode');
  if (isHosts || on.some((one) => one.startsWith('container:')))
    throw new Error(
      'container sharing network namespace with another container or host cannot be connected to any other network',
    );
  if (on.some((one) => one !== network && [one, network].includes('none')))
    throw new Error(
      'container cannot be connected to multiple networks with one of the networks in private (none) mode',
    );
  if (network !== DEFAULT_NETWORK && network !== 'none') return;
  if (ip !== undefined || ip6 !== undefined)
    throw new Error('user specified IP address is supported on user defined networks only');
  if (aliases.length > 0)
    throw new Error('network-scoped alias is supported only for containers in user defined networks');
}
