import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SYSCALL_NUMBERS, type SyscallName } from 'shared-native';
import { type Step, state } from 'step-01';
import { callFacts } from './call-line.ts';
import { FLAGS } from './flags.ts';
import { hasFlag, image, planOf, ROOTFS, takesRootfs } from './machine.ts';
import { Numbered } from './numbered.ts';
import { sectionsOf } from './sections.ts';
import { tabulate } from './tabulate.ts';
import { CGROUP_V1, SWITCHES } from './toggles.ts';
import type { ExplorerData, Line, StepData, Toggle } from './types.ts';

const STEPS = join(import.meta.dirname, '../../steps');

/**
 * The plans of every step that there is, with every combination of switches: each from the step's own parser and its
 * own `plan`. The same on every machine.
 *
 * @throws {Error} if a step refuses a combination of switches
 */
export async function explorerData(): Promise<ExplorerData> {
  const steps = await findSteps();
  const root = image();
  const { BOXSTEP_ROOT: own } = process.env;
  process.env.BOXSTEP_ROOT = join(root.path, 'boxstep'); // nothing that this machine has of ours is to be seen
  try {
    return inPlaceOf(root.path, collect(steps, root.path));
  } finally {
    if (own === undefined) delete process.env.BOXSTEP_ROOT;
    else process.env.BOXSTEP_ROOT = own;
    root.remove();
  }
}

/** A step's folder and command. */
interface Found {
  readonly number: number;
  readonly folder: string;
  readonly step: Step;
}

async function findSteps(): Promise<Found[]> {
  const files = globSync('[0-9]*/src/main.ts', { cwd: STEPS }).sort();
  return Promise.all(
    files.map(async (file) => {
      const folder = dirname(dirname(file));
      const { step } = (await import(pathToFileURL(join(STEPS, folder, 'src/index.ts')).href)) as { step: Step };
      return { number: Number.parseInt(basename(folder), 10), folder, step };
    }),
  );
}

function collect(found: readonly Found[], rootfs: string): ExplorerData {
  const toggles = togglesOf(found);
  const lines = new Numbered<Line>();
  const steps = found.map(({ number, folder, step }): StepData => {
    const own = toggles.filter(({ since }) => since <= number);
    const sections = tabulate(
      own.map(({ id }) => id),
      (on) => {
        const args = own.filter(({ id }) => on.has(id)).flatMap((one) => one.args);
        return sectionsOf(planOf(step, rootfs, args, on.has(CGROUP_V1)));
      },
    );
    return {
      number,
      folder,
      title: step.title,
      takesRootfs: takesRootfs(step),
      sections: sections.map(({ id, depends, lists }) => ({
        id,
        depends,
        lists: lists.map((list) => list.map((line) => lines.numberOf(line))),
      })),
    };
  });
  return { steps, toggles, lines: lines.all, calls: facts(lines.all), flags: meanings(lines.all) };
}

/** The switches that some step knows, each from the first step that does. */
function togglesOf(found: readonly Found[]): Toggle[] {
  const toggles = SWITCHES.flatMap((one): Toggle[] => {
    const since = found.find(({ step }) => hasFlag(step, one.args[0] ?? ''))?.number;
    return since === undefined ? [] : [{ ...one, label: one.args.join(' '), since }];
  });
  const v1 = {
    id: CGROUP_V1,
    args: [],
    label: 'cgroup v1',
    words: 'a machine with the older version of cgroups',
    since: 1,
  };
  return [...toggles, v1];
}

function facts(lines: readonly Line[]): ExplorerData['calls'] {
  const names = [...new Set(lines.flatMap(({ name }) => name ?? []))].sort();
  return Object.fromEntries(
    names.filter((name): name is SyscallName => name in SYSCALL_NUMBERS).map((name) => [name, callFacts(name)]),
  );
}

function meanings(lines: readonly Line[]): ExplorerData['flags'] {
  const shown = new Set(
    lines.flatMap(({ args = [] }) => args.flatMap(([, text]) => text.match(/\b[A-Z][A-Z_\d]{3,}\b/g) ?? [])),
  );
  return Object.fromEntries(Object.entries(FLAGS).filter(([name]) => shown.has(name)));
}

/** The same, with the explorer's root filesystem where the one that was made for it stands, and our own places by their usual names. */
function inPlaceOf(path: string, data: ExplorerData): ExplorerData {
  const { journals, name } = state();
  const usual = JSON.stringify(data).replaceAll(journals, '/run/boxstep').replaceAll(name, 'boxstep');
  return JSON.parse(usual.replaceAll(path, ROOTFS)) as ExplorerData;
}
