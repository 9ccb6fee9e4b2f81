import { canonical } from '../publish.ts';

/** A name that a container's /etc/hosts is to have. */
export interface ExtraHost {
  readonly name: string;
  /** An address, or `host-gateway` for the host's own in the container's network. */
  readonly address: string;
}

/** What `--add-host` means: `NAME:ADDRESS` or `NAME=ADDRESS`. @throws {Error} if it means nothing */
export function parseExtraHost(text: string): ExtraHost {
  const at = text.includes('=') ? text.indexOf('=') : text.indexOf(':');
  const [name, given] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (name === '' || name.includes(':')) {
    throw new Error(`bad format for add-host: ${JSON.stringify(text)}: expected NAME:ADDRESS`);
  }
  const address = given.replace(/^\[(.+)\]$/s, '$1');
  if (given === 'host-gateway' || canonical(address.trim()) !== undefined) return { name, address };
  throw new Error(`invalid IP address in add-host: ${JSON.stringify(given)}`);
}

/** Reads the address of a flag. @throws {Error} if it's none */
export function address(flag: string): (text: string) => string {
  return (text) => {
    const found = canonical(text.trim());
    if (found !== undefined) return found;
    throw new Error(`Expected ${flag} to be an IP address, got ${JSON.stringify(text)}`);
  };
}

/** A domain that `--dns-search` names; `.` for none. @throws {Error} if it can't be one */
export function parseSearchDomain(text: string): string {
  const label = '[a-zA-Z\\d](?:[a-zA-Z\\d-]*[a-zA-Z\\d])?';
  const trimmed = text.replace(/^ +| +$/g, '');
  const [, domain = ''] = new RegExp(`^(${label}(?:\\.${label})*)\\.?$`).exec(trimmed) ?? [];
  if (trimmed === '.') return trimmed;
  if (/[a-zA-Z]/.test(domain) && domain.length < 255) return domain;
  throw new Error(`${JSON.stringify(text)} is not a valid domain`);
}
