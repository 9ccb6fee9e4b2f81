import type { Hash } from 'node:crypto';
import { createReadStream, fstatSync, rmSync, writeSync } from 'node:fs';
import type { Descriptor } from 'step-10';
import { giveBack, openPartial, ownPartial, type PartialBlob, type Workplace } from 'step-10/store';
import { pulling, type Repository } from './documents.ts';
import { RegistryError } from './http/error.ts';
import { isCut, wait } from './http/patience.ts';
import { type Answer, dismiss } from './http/send.ts';
import { whyNot } from './http/why-not.ts';

/** A blob on its way. */
export interface Fetching extends Repository {
  readonly blob: Descriptor;
  readonly place: Workplace;
  /** Is told how many bytes there are. */
  told?(bytes: number): void;
  /** Is told that the connection was cut, and that it's tried again. */
  again?(): void;
}

/**
 * Fetches a blob, or what is missing of it: an earlier pull may have left its beginning. Each byte goes through the hash, and to the
 * file, when it comes: no more of a blob is in memory than what has just arrived.
 *
 * @returns its file, which nobody removes until it's closed
 * @throws {RegistryError} if it's another blob than the manifest says, or can't be fetched
 */
export async function fetchBlob(fetching: Fetching): Promise<PartialBlob> {
  const { blob, place } = fetching;
  const file = openPartial(blob.digest) ?? ownPartial(place, blob.digest); // the other one's download is nothing to wait for
  const left = fstatSync(file.fd).size;
  if (await isCompleted(file, fetching, left)) return file;
  rmSync(file.path);
  file.close();
  if (left > 0) return fetchBlob(fetching); // what an earlier pull left was damaged: once more, from the beginning
  throw new RegistryError(
    `the blob ${blob.digest} has another digest: it was damaged on its way, or isn't what it says it is`,
  );
}

/** @param left - the bytes of it that are there. @throws as `fetchBlob`, and then its file is closed */
async function isCompleted(file: PartialBlob, fetching: Fetching, left: number): Promise<boolean> {
  const { blob } = fetching;
  if (left > blob.size) return false;
  try {
    const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
    await hashBeginning(file, left, hash);
    await fetchRest(file, fetching, left, hash);
    return `sha256:${hash.digest('hex')}` === blob.digest;
  } catch (error) {
    file.close();
    throw error;
  }
}

async function hashBeginning({ fd }: PartialBlob, length: number, hash: Hash): Promise<void> {
  if (length === 0) return;
  for await (const chunk of createReadStream('', {
    fd,
    autoClose: false,
    start: 0,
    end: length - 1,
    highWaterMark: 1 << 18,
  }))
    hash.update(chunk);
}

/** Goes on where the connection was cut, as often as that brings anything. */
async function fetchRest({ fd }: PartialBlob, fetching: Fetching, left: number, hash: Hash): Promise<void> {
  const { blob, session, signal, told, again } = fetching;
  let have = left;
  for (let nth = 0; have < blob.size; nth++) {
    const before = have;
    let cut: unknown;
    try {
      for await (const chunk of chunksFrom(fetching, have)) {
        hash.update(chunk);
        writeAll(fd, chunk, have);
        have += chunk.length;
        giveBack(chunk);
        told?.(have);
      }
      if (have === blob.size) return;
      cut = new RegistryError(`the registry sends ${have} of the ${blob.size} bytes of the blob ${blob.digest}`);
    } catch (error) {
      if (!isCut(error)) throw whyNot(error, `the blob ${blob.digest}`);
      cut = error;
    }
    if (have > before) nth = 0;
    if (nth === session.patience.times) throw whyNot(cut, `the blob ${blob.digest}`);
    again?.();
    await wait(session.patience, nth, undefined, signal);
  }
}

/** At once: to the kernel's cache, which takes less time than to have a thread do it. */
function writeAll(fd: number, bytes: Buffer, at: number): void {
  for (let written = 0; written < bytes.length; )
    written += writeSync(fd, bytes, written, bytes.length - written, at + written);
}

/** The bytes of a blob from one on, and not one more than it's said to have. */
async function* chunksFrom(fetching: Fetching, from: number): AsyncGenerator<Buffer> {
  const { blob } = fetching;
  const answer = await askFrom(fetching, from);
  assertLength(answer, blob, from);
  let [skip, left] = [answer.status === 206 ? 0 : from, blob.size - from]; // 200: all of it comes again
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    const rest = chunk.subarray(skip);
    skip -= chunk.length - rest.length;
    left -= rest.length;
    if (left < 0) {
      dismiss(answer);
      throw new RegistryError(`the blob ${blob.digest} has more than the ${blob.size} bytes that its manifest says`);
    }
    if (rest.length > 0) yield rest;
  }
}

/** A registry may send all of it again, or refuse to begin in the middle: then it's asked for all of it. */
async function askFrom(fetching: Fetching, from: number): Promise<Answer> {
  const { blob, session, reference, signal } = fetching;
  const answer = await session.ask({
    path: `${reference.path}/blobs/${blob.digest}`,
    scopes: pulling(reference),
    ...(from > 0 && { headers: { Range: `bytes=${from}-` } }),
    good: from > 0 ? [200, 206, 416] : [200],
    what: `the blob ${blob.digest} can't be fetched`,
    signal,
  });
  if (answer.status !== 416) return answer;
  dismiss(answer);
  return askFrom(fetching, 0);
}

/** Where a registry says beforehand how much will come, it must be what the manifest says. */
function assertLength(answer: Answer, { digest, size }: Descriptor, from: number): void {
  const { 'content-length': length, 'content-range': range } = answer.headers;
  const isPart = answer.status === 206;
  const wanted = isPart ? size - from : size;
  const isRight = length === undefined || Number(length) === wanted;
  const ranges = [size, '*'].map((whole) => `bytes ${from}-${size - 1}/${whole}`);
  if (isRight && (!isPart || ranges.includes(range ?? ''))) return;
  dismiss(answer);
  const what = isPart ? `${range}, when asked for what follows byte ${from}` : `${length} bytes`;
  throw new RegistryError(`the blob ${digest} has ${size} bytes by its manifest, and the registry sends ${what}`);
}
