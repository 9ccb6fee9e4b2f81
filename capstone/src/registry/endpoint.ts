import type { Reference } from 'step-10';
import { isInsecure, mirrorsOf, type Registries, readRegistries } from './registries.ts';

/** A server that may have an image. */
export interface Endpoint {
  /** Its address, and others to try where there's no such connection: https first. Each ends in a slash. */
  readonly urls: readonly URL[];
  /** By what it's called in docker's config.json. */
  readonly server: string;
  /** Are certificates believed no matter who signed them? */
  readonly insecure: boolean;
}

/** What docker.io is called where it's asked, and where its passwords are kept. */
const DOCKERS = { host: 'registry-1.docker.io', server: 'https://index.docker.io/v1/' };

/** Where to look for an image: its mirrors first, then its registry. */
export function endpointsOf(reference: Reference, registries = readRegistries()): Endpoint[] {
  const mirrors = mirrorsOf(reference, registries).map((url) => at(new URL(`${url.replace(/\/$/, '')}/`), registries));
  return [...mirrors, registryOf(reference.domain, registries)];
}

/** A registry itself, which is where images are put. @param domain - as in an image's name */
export function registryOf(domain: string, registries = readRegistries()): Endpoint {
  if (domain === 'docker.io')
    return { urls: [new URL(`https://${DOCKERS.host}/`)], server: DOCKERS.server, insecure: false };
  const insecure = isInsecure(domain, registries);
  const urls = (insecure ? ['https', 'http'] : ['https']).map((scheme) => new URL(`${scheme}://${domain}/`));
  return { urls, server: domain, insecure };
}

/** A mirror, whose scheme is known. */
function at(url: URL, registries: Registries): Endpoint {
  return { urls: [url], server: url.host, insecure: url.protocol === 'http:' || isInsecure(url.host, registries) };
}
