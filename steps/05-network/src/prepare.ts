import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveInside } from 'step-04';
import { forwarding } from './bridge.ts';
import { leasedEndpoints } from './endpoints.ts';
import { FILES } from './etc/files.ts';
import type { Options } from './options.ts';
import { allPorts } from './publish.ts';

/** Leases what is to be the container's own. What it changes for good, it says. */
export async function prepare(options: Options, say: (line: string) => void): Promise<Options> {
  for (const warning of options.warnings) say(warning);
  const lacking = FILES.map((file) => resolveInside(options.rootfs, `/etc/${file}`)).filter(
    (path) => lstatSync(join(options.rootfs, path), { throwIfNoEntry: false }) === undefined,
  );
  if (lacking.length > 0) say(`making what ${options.rootfs} lacks: ${lacking.join(', ')}`);
  const endpoints = leasedEndpoints(options.name, options.networks);
  const wanted = allPorts(options);
  const ports =
    wanted.length === 0 ? [] : (await import('./publishing/published.ts')).published(wanted, endpoints, say);
  for (const { path, name } of endpoints.flatMap(({ network }) => forwarding(network))) {
    if (readFileSync(path, 'utf8').trim() === '0')
      say(`switching on ${name}, so that this host passes packets on; it stays on`);
  }
  return { ...options, endpoints, ports, publishAll: false };
}
