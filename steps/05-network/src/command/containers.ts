import { journalNames, runningContainer } from 'step-04';
import type { Endpoint } from '../network.ts';

/** The running containers that are in a network, each with what it is there. */
export function containersIn(network: string): { readonly container: string; readonly endpoint: Endpoint }[] {
  return journalNames().flatMap((container) => {
    const endpoint = endpointsOf(container).find((one) => one.network.name === network);
    return endpoint ? [{ container, endpoint }] : [];
  });
}

function endpointsOf(container: string): readonly Endpoint[] {
  try {
    return (runningContainer(container).options.endpoints as readonly Endpoint[] | undefined) ?? [];
  } catch {
    return []; // it isn't running, or not yet its command
  }
}
