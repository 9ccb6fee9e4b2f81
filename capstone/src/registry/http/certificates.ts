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
  return [...system, ...authoritiesOf(host)];
}

/**
 * What this machine shows to a host that asks who it is: the first NAME.cert, with its NAME.key.
 *
 * @throws {Error} in docker's words for one of the two without the other
 */
export function clientCertificate(host: string): { cert?: string; key?: string } {
  const pairs = directoriesOf(host).flatMap(pairsIn);
  const [first] = pairs;
  return first ? { cert: readFileSync(first.cert, 'utf8'), key: readFileSync(first.key, 'utf8') } : {};
}

/** Each client certificate of a directory with its key, which has the same name. */
function pairsIn(directory: string): { cert: string; key: string }[] {
  const names = readdirSync(directory).sort();
  const other = (name: string, from: string, to: string) => `${name.slice(0, -from.length)}${to}`;
  for (const key of names.filter((name) => name.endsWith('.key'))) {
    const cert = other(key, '.key', '.cert');
    if (!names.includes(cert)) throw new Error(`${directory}: missing client certificate ${cert} for key ${key}`);
  }
  return names
    .filter((name) => name.endsWith('.cert'))
    .map((cert) => {
      const key = other(cert, '.cert', '.key');
      if (names.includes(key)) return { cert: join(directory, cert), key: join(directory, key) };
      throw new Error(
        `${directory}: missing key ${key} for client certificate ${cert}. CA certificates must use the extension .crt`,
      );
    });
}

function directoriesOf(host: string): string[] {
  return places()
    .map((place) => join(place, host))
    .filter(existsSync);
}

function authoritiesOf(host: string): string[] {
  return directoriesOf(host).flatMap((directory) => {
    const names = readdirSync(directory).filter((name) => name.endsWith('.crt'));
    return names.sort().map((name) => readFileSync(join(directory, name), 'utf8'));
  });
}
