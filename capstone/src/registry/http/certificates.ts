import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where docker, and docker without root, look for the certificates of a registry: in a directory for each host. */
function places(): string[] {
  return ['/etc', process.env.XDG_CONFIG_HOME || join(homedir(), '.config')].map((one) => join(one, 'docker/certs.d'));
}

let system: readonly string[] | undefined;

/** The certificates that a host's may be signed with: those of the system, those of Node, and what was put here for this host. */
export function trusted(host: string): string[] {
  const { getCACertificates } = process.getBuiltinModule('node:tls');
  system ??= [...new Set([...getCACertificates('system'), ...getCACertificates('default')])];
  return [...system, ...filesOf(host, '.crt')];
}

/** What this machine shows to a host that asks who it is: the first NAME.cert with its NAME.key. */
export function clientCertificate(host: string): { cert?: string; key?: string } {
  const [cert] = filesOf(host, '.cert');
  const [key] = filesOf(host, '.key');
  return cert !== undefined && key !== undefined ? { cert, key } : {};
}

function filesOf(host: string, ending: string): string[] {
  const directories = places().map((place) => join(place, host));
  return directories.filter(existsSync).flatMap((directory) => {
    const names = readdirSync(directory).filter((name) => name.endsWith(ending));
    return names.sort().map((name) => readFileSync(join(directory, name), 'utf8'));
  });
}
