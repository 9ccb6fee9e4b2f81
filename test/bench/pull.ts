import { join } from 'node:path';
import { SILENT } from '../../capstone/src/registry/progress/progress.ts';
import { push } from '../../capstone/src/registry/push.ts';
import { startRegistry } from '../../capstone/test/registry/debians.ts';
import { parseReference } from '../../steps/08-layers/src/index.ts';
import { load } from '../../steps/08-layers/src/load/load.ts';
import { nameImage } from '../../steps/08-layers/src/store/names.ts';
import { places } from '../../steps/08-layers/src/store/places.ts';
import { openWorkplace } from '../../steps/08-layers/src/store/workplace.ts';
import { imageOf, layoutFiles, writeDirectory } from '../../steps/08-layers/test/images.ts';
import { anew, inRoot, LAYERS, layersOfThisMachine, type Memory } from './images.ts';
import type { Contender } from './interleave.ts';
import { started } from './ours.ts';

/**
 * Those who pull an image of this machine's files from Debian's registry, and unpack it: ours; skopeo, with umoci, which does what
 * skopeo leaves; and podman, where it's installed.
 *
 * @param megabytes - how large the image is, unpacked
 */
export async function pullers(directory: string, megabytes: number, memory: Memory) {
  const registry = await startRegistry(join(directory, 'registry'), true);
  const name = `${registry.host}/bench:1`;
  await pushTo(name, directory, megabytes);
  const [layout, root, storage] = ['pulled', 'root', 'podman'].map((place) => join(directory, place)) as [
    string,
    string,
    string,
  ];
  const copy = `skopeo copy --quiet --src-tls-verify=false docker://${name} oci:${layout}/image:1`;
  const theirs = ['sh', '-ec', `${copy}; umoci unpack --image ${layout}/image:1 ${layout}/bundle`];
  const podman = [
    'podman',
    '--root',
    storage,
    '--runroot',
    `${storage}/run`,
    'pull',
    '--quiet',
    '--tls-verify=false',
    name,
  ];
  const ours = { argv: started(join(import.meta.dirname, 'pull/main.ts'), name), env: { BOXSTEP_ROOT: root } };
  const contenders: Contender[] = [
    anew({ name: 'skopeo copy, umoci unpack', argv: theirs, packages: 'skopeo umoci' }, layout),
    anew({ name: 'podman pull', argv: podman, packages: 'podman' }, storage),
    anew({ name: 'ours', ...ours }, root, (output) => {
      memory.kibibytes = Math.max(memory.kibibytes, Number(output));
    }),
  ];
  return { contenders, close: registry.close };
}

async function pushTo(name: string, directory: string, megabytes: number): Promise<void> {
  const layout = join(directory, 'to-push');
  writeDirectory(
    layout,
    layoutFiles([[imageOf({ layers: layersOfThisMachine((megabytes / LAYERS) * 1e6) }), 'latest']]),
  );
  await inRoot(join(directory, 'pushing'), async () => {
    const place = openWorkplace(places().making);
    for (const { image, release } of await load({ path: layout, say: () => {} })) {
      nameImage(place, image, parseReference(name));
      await push(parseReference(name), { progress: SILENT });
      release();
    }
    place.close();
  });
}
