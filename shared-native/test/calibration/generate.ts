import type { Call } from '../../src/index.ts';
import { executables } from './families/executables.ts';
import { execution } from './families/execute.ts';
import { identity } from './families/identity.ts';
import { mounts, mountTrees } from './families/mounts.ts';
import { namespaces } from './families/namespaces.ts';
import { networks } from './families/networks.ts';
import { overlayFiles, overlayMounts } from './families/overlays.ts';
import { ownership } from './families/ownership.ts';
import { descriptors, paths, users } from './families/paths.ts';
import { options } from './families/prctl.ts';
import { resources, sessions } from './families/resources.ts';
import { filters } from './families/seccomp.ts';
import { asked, signals } from './families/signals.ts';
import { sysctls } from './families/sysctls.ts';
import { terminals } from './families/terminals.ts';
import { LAYERS, MOUNTED_LAYERS } from './layers.ts';
import { NETWORKS, ROOTLESS_NETWORKS } from './networks.ts';
import type { Programs } from './programs.ts';
import { type Random, random } from './random.ts';
import { DENIED, HOST, INIT, ROOTLESS, ROOTLESS_SANDBOX, SANDBOX, type Scene, STRANGER } from './scenes.ts';
import { ROOTLESS_WORLD, WORLD } from './world.ts';

/** Makes a few calls that belong together. */
export type Maker = (random: Random) => Call[];

/** What a program is mostly about, and what else may come in between. */
interface Subject {
  readonly scenes: readonly Scene[];
  readonly mostly: readonly Maker[];
  readonly besides: readonly Maker[];
  /** Does the program end by becoming another? */
  readonly executes: boolean;
}

const WHO = [HOST, INIT, ROOTLESS, STRANGER, DENIED];
const BOXES = [SANDBOX, ROOTLESS_SANDBOX];
const WORLDS = [WORLD, WORLD, ROOTLESS_WORLD];
const STATE = [...identity, ...options, ...signals, ...resources, ...sessions];

/** The subjects by name. */
export const SUBJECTS = {
  identity: { scenes: WHO, mostly: identity, besides: [...options, asked], executes: false },
  capabilities: { scenes: WHO, mostly: options, besides: identity, executes: false },
  signals: { scenes: [HOST, INIT], mostly: signals, besides: [...sessions, ...identity], executes: false },
  resources: { scenes: WHO, mostly: resources, besides: [...identity, ...sessions], executes: false },
  seccomp: { scenes: WHO, mostly: filters, besides: [...identity, ...options, ...resources], executes: false },
  execve: { scenes: WHO, mostly: [...identity, ...options], besides: [...STATE, ...filters], executes: true },
  executables: { scenes: WORLDS, mostly: executables, besides: paths, executes: false },
  ownership: { scenes: BOXES, mostly: ownership, besides: identity, executes: false },
  terminals: { scenes: BOXES, mostly: terminals, besides: identity, executes: false },
  paths: { scenes: WORLDS, mostly: paths, besides: [...users, ...descriptors], executes: false },
  descriptors: { scenes: WORLDS, mostly: descriptors, besides: paths, executes: false },
  mounts: { scenes: WORLDS, mostly: mounts, besides: mountTrees, executes: false },
  'mount trees': { scenes: WORLDS, mostly: mountTrees, besides: mounts, executes: false },
  // Two of one work directory spoil each other, so no files are changed here.
  overlays: { scenes: [LAYERS], mostly: overlayMounts, besides: overlayMounts, executes: false },
  'files of overlays': { scenes: [MOUNTED_LAYERS], mostly: overlayFiles, besides: overlayFiles, executes: false },
  'user namespaces': { scenes: WORLDS, mostly: [...namespaces, ...identity], besides: options, executes: false },
  namespaces: { scenes: WORLDS, mostly: namespaces, besides: [...mounts, ...users], executes: false },
  sysctls: { scenes: WORLDS, mostly: sysctls, besides: [...users, ...identity], executes: false },
  networks: {
    scenes: [NETWORKS, NETWORKS, ROOTLESS_NETWORKS],
    mostly: networks,
    besides: [...networks, ...users],
    executes: false,
  },
} as const satisfies Record<string, Subject>;

export interface Generated {
  readonly scene: Scene;
  readonly calls: readonly Call[];
}

/** A program about a subject: the same for the same seed. */
export function generate(name: keyof typeof SUBJECTS, seed: number, { paths }: Programs): Generated {
  const { scenes, mostly, besides, executes }: Subject = SUBJECTS[name];
  const source = random(seed);
  const scene = source.pick(scenes);
  const calls = [...scene.before()];
  for (let left = 2 + source.below(10); left > 0; left--) {
    calls.push(...source.pick(source.chance(0.75) ? mostly : besides)(source));
  }
  if (executes) calls.push(...execution(source, paths));
  for (const call of calls) Object.assign(call, { tolerates: 'any' }); // not a copy: a call may be another's argument
  return { scene, calls };
}
