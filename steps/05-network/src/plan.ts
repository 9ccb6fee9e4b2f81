import * as previous from 'step-04';
import { extend, type Plan } from 'step-04';
import { bringUp } from './bridge.ts';
import { ownEnd, plugIn } from './cable.ts';
import { plannedEndpoints } from './endpoints.ts';
import type { Options } from './options.ts';
import { tableOf } from './tables.ts';

// #region a network of its own
/** Step 04's container with interfaces, addresses and routes of its own, and a cable to a bridge of the host's. */
export function plan(options: Options): Plan {
  const { name, networks } = options;
  if (networks[0]?.network === 'host') return extend(previous.plan(options), 'step-05', {});
  const endpoints = options.endpoints ?? plannedEndpoints(name, networks);
  return extend(previous.plan(options), 'step-05', {
    namespaces: ['net'],
    actions: [...endpoints.map(bringUp), ...(endpoints.length > 0 ? plugIn(tableOf(name), endpoints) : [])],
    setup: ownEnd(endpoints),
  });
}
// #endregion
