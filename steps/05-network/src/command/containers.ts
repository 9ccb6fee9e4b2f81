import { journalNames, runningContainer } from 'step-04';
import type { Endpoint } from '../network.ts';

/** A container in a network. */
export interface Member {
  /** What its journal is called. */
  readonly container: string;
  /** What people call it. */
  readonly name: string;
  /** What it is there. */
  readonly endpoint: Endpoint;
}

/** The running containers that are in a network. */
export type Members = (network: string) => readonly Member[];

/** The running containers that are in a network. */
export function containersIn(network: string): Member[] {
  return journalNames().flatMap((container) => {
    const endpoint = endpointsOf(container).find((one) => one.network.name === network);
    return endpoint ? [{ container, name: container, endpoint }] : [];
  });
}

function endpointsOf(container: string): readonly Endpoint[] {
  try {
    return (runningContainer(container).options.endpoints as readonly Endpoint[] | undefined) ?? [];
  } catch {
    return []; // it isn't running, or not yet its command
  }
}
