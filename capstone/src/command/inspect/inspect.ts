import { inspectedNetwork, inspectedVolume, inspection, type Struct } from 'step-10';
import { inspectedImage } from 'step-10/store';
import { find, NoSuchContainer } from '../../containers/find.ts';
import type { BoxRecord } from '../../containers/record.ts';
import { members } from '../../network/members.ts';
import { inspected } from '../../shown/inspect.ts';
import { sizesOf } from '../../shown/size.ts';

interface Flags {
  readonly format?: string;
  readonly size?: boolean;
  readonly type?: string;
  /** Was the command of containers alone called? Then its words are about containers, too. */
  readonly only?: boolean;
}

type Kind = 'container' | 'image' | 'network' | 'volume';
const KINDS: readonly Kind[] = ['container', 'image', 'network', 'volume'];
const NOT_HERE = ['config', 'node', 'plugin', 'secret', 'service', 'task'];

/** Shows all that is known of things. @returns the exit status: 1 if one isn't there */
export async function inspect({ format, size = false, type, only }: Flags, names: readonly string[]): Promise<number> {
  if (type === '') throw new Error(`type is empty: must be one of "${KINDS.join('", "')}"`);
  if (type !== undefined && NOT_HERE.includes(type))
    throw new Error(`there is no ${type} here: those are docker's swarm and plugins`);
  if (type !== undefined && !KINDS.includes(type as Kind))
    throw new Error(
      `unknown type: ${JSON.stringify(type)}: must be one of "${[...KINDS, ...NOT_HERE].toSorted().join('", "')}"`,
    );
  const kinds = type === undefined ? KINDS : [type as Kind];
  if (kinds.includes('container')) for (const name of names) await bringLogUpToDate(name);
  return inspection(names, (name) => toldOf(name, kinds, size, only ?? false), format);
}

/** Whoever asks for LogPath goes on to read it. */
async function bringLogUpToDate(name: string): Promise<void> {
  const record = ofContainer(name);
  if (record?.logging.driver !== 'json-file') return;
  const { bringUpToDate, sayNotNow } = await import('../../log/json-file/making.ts');
  await bringUpToDate(record).catch(sayNotNow);
}

function ofContainer(name: string): BoxRecord | undefined {
  try {
    return find(name);
  } catch {
    return undefined; // this is said below
  }
}

function toldOf(name: string, kinds: readonly Kind[], size: boolean, only: boolean): Struct {
  for (const kind of kinds) {
    try {
      return TOLD[kind](name, size);
    } catch (error) {
      if (only || kinds.length === 1 || !isMissing(error as Error)) throw error;
    }
  }
  throw new Error(`No such object: ${name}`);
}

const TOLD: Readonly<Record<Kind, (name: string, size: boolean) => Struct>> = {
  container(name, size) {
    const record = find(name);
    return inspected(record, size ? sizesOf(record) : undefined);
  },
  image: inspectedImage,
  network: (name) => inspectedNetwork(name, members),
  volume: inspectedVolume,
};

function isMissing(error: Error): boolean {
  return (
    error instanceof NoSuchContainer ||
    /^no such |^network .* not found$|no such volume$|^invalid reference/i.test(error.message)
  );
}
