import { createReadStream } from 'node:fs';
import type { Descriptor, Reference } from 'step-10';
import { blobPath } from 'step-10/store';
import type { Repository } from './documents.ts';
import { RegistryError } from './http/error.ts';
import { locationIn } from './http/location.ts';
import { isCut, wait } from './http/patience.ts';
import { type Answer, dismiss } from './http/send.ts';
import type { Question } from './session.ts';

/** A blob of the store's that a registry is to have. */
export interface Sending extends Repository {
  readonly blob: Descriptor;
  /** A repository of the same registry that may have it. */
  readonly from?: string | undefined;
  /** Is told how many bytes have gone. */
  told?(bytes: number): void;
}

/** What came of it. */
export type Sent = 'was there' | 'mounted' | 'sent';

export function pushing({ path }: Reference): string[] {
  return [`repository:${path}:pull,push`];
}

/**
 * Sees to it that a registry has a blob: it may have it, in this repository or in another one, from where it's mounted; else it's sent.
 *
 * @throws {RegistryError} if it can't be
 * @see {@link https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push | distribution-spec, Push}
 */
export async function sendBlob(sending: Sending): Promise<Sent> {
  if (await isThere(sending)) return 'was there';
  for (let nth = 0; ; nth++) {
    const started = await start(sending);
    if (started.status === 201) return 'mounted';
    try {
      await sendAll(sending, started);
      return 'sent';
    } catch (error) {
      if (!isCut((error as Error).cause) || nth === sending.session.patience.times) throw error;
      await wait(sending.session.patience, nth, undefined, sending.signal); // another upload: this one is lost
    }
  }
}

async function isThere({ session, reference, blob, signal }: Sending): Promise<boolean> {
  const answer = await session.ask({
    method: 'HEAD',
    path: `${reference.path}/blobs/${blob.digest}`,
    scopes: pushing(reference),
    good: [200, 404],
    what: `${session.endpoint.server} can't be asked for the blob ${blob.digest}`,
    signal,
  });
  dismiss(answer);
  return answer.status === 200;
}

/** Begins an upload, unless the registry finds the blob in the other repository, which it may not let us read. */
async function start(sending: Sending): Promise<Answer> {
  if (sending.from === undefined) return startFrom(sending);
  try {
    return await startFrom(sending);
  } catch (error) {
    if (!(error instanceof RegistryError) || error.status < 400 || error.status >= 500) throw error;
    return startFrom({ ...sending, from: undefined });
  }
}

async function startFrom(sending: Sending): Promise<Answer> {
  const { reference, blob, from } = sending;
  const mount = from === undefined ? '' : `?${new URLSearchParams({ mount: blob.digest, from })}`;
  const scopes = [...pushing(reference), ...(from === undefined ? [] : [`repository:${from}:pull`])];
  const answer = await ask(sending, {
    method: 'POST',
    path: `${reference.path}/blobs/uploads/${mount}`,
    scopes,
    headers: { 'Content-Length': '0' },
    good: [201, 202],
  });
  dismiss(answer);
  return answer;
}

/** As docker does: all of it in one PATCH, and then the digest. */
async function sendAll(sending: Sending, started: Answer): Promise<void> {
  const url = await sendContents(sending, placeIn(started, sending));
  url.searchParams.append('digest', sending.blob.digest);
  const answer = await ask(sending, {
    method: 'PUT',
    path: url,
    scopes: pushing(sending.reference),
    headers: { 'Content-Length': '0' },
    good: [201, 204],
    once: true,
  });
  dismiss(answer);
}

/** Goes on where the connection was cut, as long as the registry says that more has come. @returns where the upload is now */
async function sendContents(sending: Sending, started: URL): Promise<URL> {
  let place = { url: started, bytes: 0 };
  for (;;) {
    try {
      return await sendFrom(sending, place);
    } catch (error) {
      if (!isCut((error as Error).cause)) throw error;
      const come = await whatCame(sending, place.url);
      if (come === undefined || come.bytes <= place.bytes) throw error;
      place = come;
    }
  }
}

async function sendFrom(sending: Sending, { url, bytes }: { url: URL; bytes: number }): Promise<URL> {
  const { size } = sending.blob;
  const answer = await ask(sending, {
    method: 'PATCH',
    path: url,
    scopes: pushing(sending.reference),
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Length': `${size - bytes}`,
      ...(bytes > 0 && { 'Content-Range': `${bytes}-${size - 1}` }),
    },
    body: () => contents(sending, bytes),
    good: [202],
    once: true,
  });
  dismiss(answer);
  return placeIn(answer, sending);
}

/** How much of a blob a registry has of an upload that was cut. @returns undefined if it keeps nothing of such uploads */
async function whatCame(sending: Sending, url: URL): Promise<{ url: URL; bytes: number } | undefined> {
  const question = { path: url, scopes: pushing(sending.reference), good: [204] };
  const answer = await ask(sending, question).catch((error) => {
    if (!(error instanceof RegistryError)) throw error;
  });
  if (answer === undefined) return undefined;
  dismiss(answer);
  const [, last] = /^0-(\d+)$/.exec(`${answer.headers.range ?? ''}`) ?? [];
  return { url: placeIn(answer, sending), bytes: Number(last ?? 0) === 0 ? 0 : Number(last) + 1 }; // `0-0` is nothing
}

/** Where an upload goes on: each answer may name another address. */
function placeIn(answer: Answer, { session }: Sending): URL {
  if (answer.headers.location !== undefined) return locationIn(answer);
  throw new RegistryError(`${session.endpoint.server} begins an upload, and doesn't say where`);
}

async function* contents({ blob, told }: Sending, start: number): AsyncGenerator<Buffer> {
  let sent = start;
  for await (const chunk of createReadStream(blobPath(blob.digest), { start, highWaterMark: 1 << 18 })) {
    yield chunk;
    sent += chunk.length;
    told?.(sent);
  }
}

function ask({ session, blob, signal }: Sending, question: Omit<Question, 'what' | 'signal'>): Promise<Answer> {
  return session.ask({ ...question, what: `the blob ${blob.digest} can't be sent`, signal });
}
