import { readFileSync, statSync } from 'node:fs';
import {
  type Digest,
  familiarName,
  familiarRepository,
  findImage,
  fullName,
  type Image,
  type Reference,
  useImage,
} from 'step-10';
import { blobPath, CONFIG_TYPE, MANIFEST_TYPE, nameImage, namesOf, openWorkplace, places } from 'step-10/store';
import { atMost } from './at-most.ts';
import type { Repository } from './documents.ts';
import { registryOf } from './endpoint.ts';
import { dismiss } from './http/send.ts';
import { type Progress, shortDigest } from './progress/progress.ts';
import { Session, type SessionOptions } from './session.ts';
import { pushing, type Sending, type Sent, sendBlob } from './upload.ts';

/** A repository, and another one of its registry that may have the blobs already. */
type Target = Repository & Pick<Sending, 'from'>;

/** As many layers go at a time as with docker. */
const AT_A_TIME = 5;

export interface PushOptions extends SessionOptions {
  readonly progress: Progress;
}

const WORDS: Readonly<Record<Sent, string>> = {
  'was there': 'Layer already exists',
  mounted: 'Mounted from',
  sent: 'Pushed',
};

/**
 * Sends an image to the registry that its name names, byte for byte as the store has it: so it has the same digest there. What the
 * registry has already isn't sent.
 *
 * @param reference - with a tag
 * @throws {Error} if the store has no such image, or the registry doesn't take it
 */
export async function push(reference: Reference, options: PushOptions): Promise<{ digest: Digest; size: number }> {
  const image = findImage(fullName(reference));
  if (image === undefined)
    throw new Error(`An image does not exist locally with the tag: ${familiarRepository(reference)}`);
  const release = useImage(image);
  const session = new Session(registryOf(reference.domain), options);
  const stop = new AbortController();
  try {
    const repository = { session, reference, signal: stop.signal };
    const from = otherRepository(reference, image);
    await sendLayers({ ...repository, from }, image, options.progress);
    await sendConfig({ ...repository, from }, image);
    const sent = await sendManifest(repository, image);
    nameByDigest(image, reference, sent.digest);
    return sent;
  } finally {
    stop.abort();
    session.close();
    release();
  }
}

async function sendLayers(to: Target, image: Image, progress: Progress): Promise<void> {
  const inLine = atMost(AT_A_TIME);
  const layers = [...new Map(image.layers.map((layer) => [layer.digest, layer])).values()].reverse();
  for (const { diffId } of layers) progress.layer(shortDigest(diffId), 'Preparing');
  for (const { diffId } of layers.slice(AT_A_TIME)) progress.layer(shortDigest(diffId), 'Waiting');
  const send = async (blob: Image['layers'][number]) => {
    const id = shortDigest(blob.diffId);
    const told = (done: number) => progress.layer(id, 'Pushing', { done, whole: blob.size });
    const sent = await sendBlob({ ...to, blob, told });
    progress.layer(id, sent === 'mounted' ? `${WORDS[sent]} ${to.from}` : WORDS[sent]);
  };
  await Promise.all(layers.map((layer) => inLine(() => send(layer))));
}

/** Another repository of the same registry that this image has a name in, and so may have its blobs. */
function otherRepository({ domain, path }: Reference, { id }: Image): string | undefined {
  return namesOf(id).find((name) => name.domain === domain && name.path !== path)?.path;
}

async function sendConfig(to: Target, { id }: Image): Promise<void> {
  await sendBlob({ ...to, blob: { mediaType: CONFIG_TYPE, digest: id, size: statSync(blobPath(id)).size } });
}

async function sendManifest({ session, reference, signal }: Repository, { manifest }: Image) {
  const bytes = readFileSync(blobPath(manifest));
  const { mediaType = MANIFEST_TYPE } = JSON.parse(bytes.toString());
  const answer = await session.ask({
    method: 'PUT',
    path: `${reference.path}/manifests/${reference.tag}`,
    scopes: pushing(reference),
    headers: { 'Content-Type': mediaType, 'Content-Length': `${bytes.length}` },
    body: () => [bytes],
    good: [201],
    what: `the manifest of ${familiarName(reference)} can't be sent`,
    signal,
  });
  dismiss(answer);
  return { digest: manifest, size: bytes.length };
}

/** Docker keeps by which digest a registry has an image. */
function nameByDigest(image: Image, { domain, path }: Reference, digest: Digest): void {
  const place = openWorkplace(places().making);
  try {
    nameImage(place, image, { domain, path, digest });
  } finally {
    place.close();
  }
}
