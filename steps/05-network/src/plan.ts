import * as previous from 'step-04';
import { extend, type Plan } from 'step-04';
import { bringUp } from './bridge.ts';
import { linkLocalCalls, ownEnd, plugIn } from './cable.ts';
import { plannedEndpoints } from './endpoints.ts';
import { etcActions } from './etc/etc.ts';
import { etcOf, mountFiles } from './etc/files.ts';
import type { Options } from './options.ts';
import { ownRules } from './own-rules.ts';
import { allPorts, plannedPorts } from './publish.ts';
import { tableOf } from './tables.ts';

// #region a network of its own
/** Step 04's container with its own interfaces, addresses and routes, and a cable to each of its networks. */
export function plan(options: Options): Plan {
  const { name, rootfs, networks } = options;
  const endpoints = options.endpoints ?? plannedEndpoints(name, networks);
  const isHosts = networks[0]?.network === 'host';
  const files = mountFiles(rootfs, etcOf(name));
  return extend(previous.plan(options), 'step-05', {
    namespaces: isHosts ? [] : ['net'],
    actions: [
      ...endpoints.map(bringUp),
      ...etcActions(options, endpoints),
      ...plugIn(endpoints),
      ...ownRules(tableOf(name), endpoints, plannedPorts(allPorts(options))),
    ],
    setup: [...(isHosts ? [] : ownEnd(endpoints)), ...linkLocalCalls(endpoints), ...files.setup],
    inside: files.inside,
  });
}
// #endregion
