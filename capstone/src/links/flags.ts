import { DEFAULT_NETWORK, type Flags, isUserDefined, Misuse, type Options } from 'step-10';
import { NoSuchContainer } from '../containers/find.ts';
import { type KeptLink, parseLink, refuseLinks } from './link.ts';

/** The flag of links, as commander gives it. */
export interface LinkFlags {
  /** `NAME:ALIAS` each. */
  readonly link?: readonly string[];
}

/** Flags with links as a network of the user's has them: names that this container alone has for others. @throws {Misuse} if there can be none */
export function inNetworks<F extends Flags & LinkFlags>(flags: F): F {
  const { link: links = [], network: [first, ...others] = [] } = flags;
  if (links.length === 0) return flags;
  refuseLinks(first?.network ?? DEFAULT_NETWORK);
  if (!first || !isUserDefined(first.network) || first.network === 'default') return flags;
  return { ...flags, network: [{ ...first, links }, ...others] };
}

/**
 * The links of a container in the default network. One of two with the same alias counts: the first, as in docker.
 *
 * @param find - the container that is called so
 * @throws {Error} in docker's words, if there is none
 */
export function linksOf(
  { networks, usersNetwork }: Options,
  { link: links = [] }: LinkFlags,
  find: (called: string) => { id: string },
): KeptLink[] {
  if (links.length === 0 || isUserDefined(networks[0]?.network ?? DEFAULT_NETWORK)) return [];
  if (usersNetwork)
    throw new Misuse(
      '--link is for containers of one bridge, and an ordinary user has none by default: use network create',
      125,
    );
  const all = links.map(parseLink);
  const firsts = all.filter(({ alias }, nth) => all.findIndex((one) => one.alias === alias) === nth);
  return firsts.map(({ name, alias }) => {
    try {
      return { id: find(name).id, alias: alias.replace(/^\//, '') };
    } catch (error) {
      if (!(error instanceof NoSuchContainer)) throw error;
      throw new Error(`could not get container for ${name}: ${error.message}`);
    }
  });
}
