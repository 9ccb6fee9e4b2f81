import { dirname, resolve } from 'node:path';
import { file, directory as folder, type Tree } from 'shared-native/model';
import type { Plan } from 'step-01';
import { bundleOf } from '../../../capstone/src/oci/config/bundle.ts';
import { type Config, configShape } from '../../../capstone/src/oci/config/schema.ts';
import { parseJson } from '../../../capstone/src/oci/config/shape.ts';
import { fifoIn, planOf } from '../../../capstone/src/oci/plan.ts';
import { directoryOf } from '../../../capstone/src/oci/state/container.ts';
import { onHostWith, rootfsAt, TREE } from './node/host.ts';

/** Where the bundle is on the explorer's machine, and the state of the containers that the runtime makes. */
const BUNDLE = '/srv/bundle';
const STATES = '/run/boxstep-oci';

/** A bundle's plan, and the machine's files, among them all that it names. */
export interface Bundled {
  readonly plan: Plan;
  readonly tree: Tree;
}

/**
 * The plan of a bundle by the OCI runtime, as `boxstep oci plan` prints it.
 *
 * @param text - its config.json
 * @throws {Error} that names the field which is wrong or not supported
 */
export function bundled(text: string): Bundled {
  const config = configShape(parseJson(text), '');
  const directory = directoryOf(STATES, 'web');
  const tree = { ...TREE, ...named(config), [fifoIn(directory)]: file('0') }; // as if `start` had written to it
  return { plan: onHostWith(tree, () => planOf(bundleOf(config, BUNDLE), { id: 'web', directory }).plan), tree };
}

/** What is taken to be on the host since a bundle names it: its root, and what is mounted from there. */
function named({ root = { path: 'rootfs' }, mounts = [] }: Config): Tree {
  const isBind = ({ type, options = [] }: (typeof mounts)[number]) =>
    type === 'bind' || options.some((one) => /^r?bind$/.test(one));
  const sources = mounts.filter(isBind).map(({ source = '', destination }): [string, Tree[string]] => {
    const path = resolve(BUNDLE, source);
    return [path, isFile(destination) ? file('') : folder()];
  });
  return { ...rootfsAt(resolve(BUNDLE, root.path)), ...Object.fromEntries(sources) };
}

/** Single files that clients mount have names like these in a container. */
function isFile(destination: string): boolean {
  return /^\/(etc|proc|dev)$/.test(dirname(destination)) || /\.\w+$/.test(destination);
}
