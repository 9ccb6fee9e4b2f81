import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRootfs } from '../../steps/01-namespaces/src/index.ts';
import { thisPlatform } from '../../steps/08-layers/src/image/platform.ts';
import { parseReference, withTag } from '../../steps/08-layers/src/index.ts';
import { load } from '../../steps/08-layers/src/load/load.ts';
import { makeImage, putLayer } from '../../steps/08-layers/src/store/add.ts';
import { nameImage } from '../../steps/08-layers/src/store/names.ts';
import { places } from '../../steps/08-layers/src/store/places.ts';
import { openWorkplace } from '../../steps/08-layers/src/store/workplace.ts';
import { imageOf, layoutFiles, writeDirectory } from '../../steps/08-layers/test/images.ts';
import { type Command, commandContender, runCommand } from './command.ts';
import type { Contender } from './interleave.ts';
import { BOXSTEP, started } from './ours.ts';
import { COMMAND } from './warm.ts';

export const LAYERS = 8;

/** What ours takes at most. */
export interface Memory {
  kibibytes: number;
}

/**
 * Those who unpack an image of this machine's files: ours, into a store; umoci, into a bundle; and tar, which unpacks the
 * layers one over another and knows nothing of whiteouts.
 *
 * @param megabytes - how large the image is, unpacked
 */
export async function unpackers(directory: string, megabytes: number, memory: Memory): Promise<Contender[]> {
  const layout = join(directory, 'layout');
  const image = imageOf({ layers: layersOfThisMachine((megabytes / LAYERS) * 1e6) });
  writeDirectory(layout, layoutFiles([[image, 'latest']]));
  const root = join(directory, 'root');
  await inRoot(root, async () => {
    for (const { release } of await load({ path: layout, say: () => {} })) release();
  });
  const into = join(directory, 'unpacked');
  const blobs = image.layers.map(({ digest }) => join(layout, 'blobs/sha256', digest.slice('sha256:'.length)));
  const umoci = { argv: ['umoci', 'unpack', '--image', `${layout}:latest`, join(into, 'bundle')], packages: 'umoci' };
  const ours = { argv: started(join(import.meta.dirname, 'unpack/main.ts'), image.id), env: { BOXSTEP_ROOT: root } };
  const tar = ['sh', '-ec', 'into=$1; shift; for layer; do tar -C "$into" -xzf "$layer"; done', 'sh', into, ...blobs];
  return [
    anew({ name: 'tar -xz', argv: tar }, into),
    anew({ name: 'umoci unpack', ...umoci }, into),
    anew({ name: 'ours', ...ours }, join(root, 'cache/layers'), (output) => {
      memory.kibibytes = Math.max(memory.kibibytes, Number(output));
    }),
  ];
}

/** A command that each time begins with an empty directory; to empty it isn't measured. */
export function anew(command: Command, into: string, told: (output: string) => void = () => {}): Contender {
  return {
    name: command.name,
    async measure(times) {
      const taken: number[] = [];
      for (let nth = 0; nth < times; nth++) {
        rmSync(into, { recursive: true, force: true });
        mkdirSync(into, { recursive: true });
        const { time, output } = await runCommand(command);
        taken.push(time);
        told(output);
      }
      return taken;
    },
  };
}

/** Archives of files of this machine's, each of so many bytes. */
export function layersOfThisMachine(bytes: number): Buffer[] {
  const found = execFileSync('find', ['/usr', '-xdev', '-type', 'f', '-size', '-4096k', '-printf', '%s %P\\0'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const files = found.split('\0').slice(0, -1).values();
  return Array.from({ length: LAYERS }, () => {
    const names: string[] = [];
    for (let size = 0; size < bytes; ) {
      const { value, done } = files.next();
      if (done) break;
      const [, length, name = ''] = /^(\d+) (.*)$/s.exec(value) ?? [];
      size += Number(length);
      names.push(name);
    }
    return execFileSync('tar', ['-C', '/usr', '--null', '-T', '-', '-cf', '-'], {
      input: names.join('\0'),
      maxBuffer: 1 << 30,
    });
  });
}

/** Whole commands that start a container of an image: where the store has one image, and where it has many. */
export async function amongImages(directory: string, many: number): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const count of [1, many]) {
    const root = join(directory, `images-${count}`);
    await inRoot(root, () => fill(count));
    const argv = [BOXSTEP, '8', 'run', '--network', 'none', `image-${count}`, COMMAND];
    const name = count === 1 ? 'an image alone in the store' : `the last of ${count}`;
    contenders.push(commandContender({ name, argv, env: { BOXSTEP_ROOT: root } }));
  }
  return contenders;
}

/** Puts images in the store that differ in their configs. */
async function fill(count: number): Promise<void> {
  const tar = execFileSync('tar', ['-C', await defaultRootfs(), '-cf', '-', '.'], { maxBuffer: 1 << 28 });
  const place = openWorkplace(places().making);
  try {
    const layer = await putLayer(
      place,
      (async function* () {
        yield tar;
      })(),
    );
    for (let nth = 1; nth <= count; nth++) {
      const config = { ...thisPlatform(), comment: `${nth}` };
      const { image, release } = await makeImage(place, { config, layer }, () => {});
      nameImage(place, image, withTag(parseReference(`image-${nth}`)));
      release();
    }
  } finally {
    place.close();
  }
}

export async function inRoot<T>(root: string, doing: () => Promise<T>): Promise<T> {
  const before = process.env.BOXSTEP_ROOT;
  process.env.BOXSTEP_ROOT = root;
  try {
    return await doing();
  } finally {
    if (before === undefined) delete process.env.BOXSTEP_ROOT;
    else process.env.BOXSTEP_ROOT = before;
  }
}
