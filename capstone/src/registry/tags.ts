import { familiarName, type Reference } from 'step-10';
import { z } from 'zod';
import { lying, pulling } from './documents.ts';
import { registryOf } from './endpoint.ts';
import { RegistryError } from './http/error.ts';
import { Session, type SessionOptions } from './session.ts';

const TAGS = z.looseObject({ tags: z.array(z.string()).nullish() });

/** Bytes of one page of a list. */
const LONGEST = 4 << 20;

/** More pages than any list has. */
const MOST_PAGES = 1000;

/**
 * The tags of a repository, in the registry's order.
 *
 * @param most - no more are asked for
 * @throws {RegistryError} if it can't be asked, or has no such repository
 */
export async function fetchTags(reference: Reference, most: number, options: SessionOptions = {}): Promise<string[]> {
  const session = new Session(registryOf(reference.domain), options);
  const tags: string[] = [];
  try {
    let page: string | URL | undefined = `${reference.path}/tags/list?n=${Math.min(most, MOST_PAGES)}`;
    for (let nth = 0; page !== undefined && tags.length < most; nth++) {
      if (nth === MOST_PAGES) throw new RegistryError(`the list of its tags has no end`);
      const what = `the tags of ${familiarName(reference)} can't be fetched`;
      const question = { path: page, scopes: pulling(reference), good: [200], what };
      const { bytes, headers, url } = await session.read(question, LONGEST);
      tags.push(...(lying(() => TAGS.parse(JSON.parse(bytes.toString()))).tags ?? []));
      page = nextOf(headers.link, url);
    }
    return tags.slice(0, most);
  } finally {
    session.close();
  }
}

/** Where the next page is, of the same registry (RFC 8288). */
function nextOf(link: string | string[] | undefined, from: URL): URL | undefined {
  const [, target] = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(String(link ?? '')) ?? [];
  const url = target === undefined ? undefined : new URL(target, from);
  return url?.origin === from.origin ? url : undefined;
}
