import { type Digest, familiarName, type Image, type Reference, useImage } from 'step-10';
import {
  type Added,
  idOfName,
  nameImage,
  openWorkplace,
  type Platform,
  parseDocument,
  places,
  platformOf,
  readImage,
  thisPlatform,
} from 'step-10/store';
import { fetchManifest, lying, type Manifestation } from './documents.ts';
import { endpointsOf } from './endpoint.ts';
import { RegistryError } from './http/error.ts';
import { fetchImage } from './image.ts';
import type { Progress } from './progress/progress.ts';
import { Session, type SessionOptions } from './session.ts';

export interface PullOptions extends SessionOptions {
  /** As `--platform` has it: this machine's, unless given. */
  readonly platform?: string | undefined;
  readonly progress: Progress;
}

/** An image that was pulled. */
export interface Pulled {
  readonly image: Image;
  /** Of what has its name in the registry: of the index, where there is one. */
  readonly digest: Digest;
  /** Had its name another image before, or none? */
  readonly isNewer: boolean;
}

/**
 * Fetches what is missing of an image, and gives it its names: with its tag, and with its digest. Its mirrors are asked first.
 *
 * @param reference - with a tag or a digest
 * @throws {Error} that says in a sentence what is wrong with the last that was asked
 */
export async function pull(reference: Reference, options: PullOptions): Promise<Pulled> {
  const endpoints = endpointsOf(reference);
  for (const endpoint of endpoints) {
    const session = new Session(endpoint, options);
    try {
      return await pullFrom(session, reference, options);
    } catch (error) {
      if (!(error instanceof RegistryError) || endpoint === endpoints.at(-1))
        throw inDockersWords(error as Error, reference);
      options.progress.line(`${error.message}: asking the next`);
    } finally {
      session.close();
    }
  }
  throw new Error(`${familiarName(reference)} has no registry`);
}

async function pullFrom(session: Session, reference: Reference, { platform, progress }: PullOptions): Promise<Pulled> {
  const repository = { session, reference };
  const wanted = platform === undefined ? undefined : platformOf(platform);
  const { digest, manifest } = await fetchManifest(repository, wanted ?? thisPlatform());
  progress.line(`${reference.digest ?? reference.tag}: Pulling from ${reference.path}`);
  const { image, release } =
    usable(manifest, wanted) ?? (await fetchImage({ repository, manifest, platform: wanted, progress }));
  try {
    return { image, digest, isNewer: giveNames(image, reference, digest) };
  } finally {
    release();
  }
}

/** The image, if the store has it already. */
function usable({ bytes }: Manifestation, platform: Platform | undefined): Added | undefined {
  const { config } = lying(() => parseDocument('manifest', bytes.toString()));
  const image = readImage(config.digest as Digest);
  if (!image || (platform && image.config.architecture !== platform.architecture)) return undefined;
  try {
    return { image, release: useImage(image) };
  } catch {
    return undefined; // it has just been removed
  }
}

function giveNames(image: Image, reference: Reference, digest: Digest): boolean {
  const { domain, path, tag } = reference;
  const place = openWorkplace(places().making);
  try {
    const names: Reference[] = [
      { domain, path, digest },
      ...(reference.digest === undefined && tag ? [{ domain, path, tag }] : []),
    ];
    const before = names.map((name) => idOfName(name));
    for (const name of names) nameImage(place, image, name);
    return before.at(-1) !== image.id;
  } finally {
    place.close();
  }
}

/** Docker's words for the answer of a registry that doesn't have a name, or won't show it. */
function inDockersWords(error: Error, reference: Reference): Error {
  if (!(error instanceof RegistryError)) return error;
  const { code, status, said, message } = error;
  const { domain, path } = reference;
  const [name, repository] = [familiarName(reference), familiarName({ domain, path })];
  if (code === 'MANIFEST_UNKNOWN') return new Error(`manifest for ${name} not found: ${said}`, { cause: error });
  if (code === 'NAME_UNKNOWN') return new Error(`repository ${repository} not found: ${said}`, { cause: error });
  const denied = `pull access denied for ${repository}, repository does not exist or may require 'docker login'`;
  if ([401, 403].includes(status)) return new Error(`${denied}: ${said || message}`, { cause: error });
  return new Error(`${name} can't be pulled: ${message}`, { cause: error });
}
