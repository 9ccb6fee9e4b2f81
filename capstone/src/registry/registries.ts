import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isLoopback } from './http/loopback.ts';
import { parseFile, textIn } from './json-file.ts';

/** What is to be known of registries: the keys are those of docker's daemon.json, but for `mirrors`. */
const REGISTRIES = z.looseObject({
  /** Where docker.io's images may be had as well: URLs. */
  'registry-mirrors': z.array(z.url({ protocol: /^https?$/ })).optional(),
  /** The same for any registry, or for those of its repositories that begin so: `{"quay.io/team": ["https://…"]}`. */
  mirrors: z.record(z.string(), z.array(z.url({ protocol: /^https?$/ }))).optional(),
  /** Registries without TLS, or whose certificate nobody signed: hosts, with a port if it isn't the usual one, or subnets. */
  'insecure-registries': z.array(z.string()).optional(),
});

export type Registries = z.infer<typeof REGISTRIES>;

/**
 * What this machine, or its user, says of registries: the first of these files that is there. BOXSTEP_REGISTRIES names another.
 *
 * @throws {Error} that says what is wrong in it
 */
export function readRegistries(env = process.env): Registries {
  const config = env.XDG_CONFIG_HOME || join(homedir(), '.config');
  const files = [join(config, 'boxstep/registries.json'), '/etc/boxstep/registries.json', '/etc/docker/daemon.json'];
  for (const file of env.BOXSTEP_REGISTRIES ? [env.BOXSTEP_REGISTRIES] : files) {
    const text = textIn(file, file === env.BOXSTEP_REGISTRIES);
    if (text !== undefined) return parseFile(REGISTRIES, file, text);
  }
  return {};
}

/** May a registry be without TLS, or have a certificate that nobody signed? This machine's own may. */
export function isInsecure(host: string, { 'insecure-registries': insecure = [] }: Registries): boolean {
  const { hostname } = new URL(`https://${host}`);
  if (isLoopback(hostname)) return true;
  return insecure.some((one) => (one.includes('/') ? isIn(hostname, one) : one === host || one === hostname));
}

function isIn(hostname: string, subnet: string): boolean {
  const { BlockList, isIP } = process.getBuiltinModule('node:net');
  const address = hostname.replace(/^\[|\]$/g, '');
  const [net = '', bits = ''] = subnet.split('/');
  const family = (text: string) => (isIP(text) === 6 ? 'ipv6' : 'ipv4');
  if (isIP(address) === 0 || isIP(net) !== isIP(address) || !/^\d{1,3}$/.test(bits)) return false;
  const list = new BlockList();
  list.addSubnet(net, Number(bits), family(net));
  return list.check(address, family(address));
}

/** The mirrors of a repository: those that were put for the longest beginning of its name. */
export function mirrorsOf(name: { readonly domain: string; readonly path: string }, registries: Registries): string[] {
  const { mirrors = {}, 'registry-mirrors': ofDocker = [] } = registries;
  const whole = `${name.domain}/${name.path}`;
  const [longest] = Object.keys(mirrors)
    .filter((beginning) => `${whole}/`.startsWith(`${beginning.replace(/\/$/, '')}/`))
    .sort((one, other) => other.length - one.length);
  if (longest !== undefined) return mirrors[longest] ?? [];
  return name.domain === 'docker.io' ? ofDocker : [];
}
