import '../../../steps/10-capabilities/src/model.ts';
import { SYSCALL_NUMBERS, type SyscallName } from 'shared-native';
import type { Step } from 'step-01';
import * as step1 from 'step-01';
import * as step2 from 'step-02';
import * as step3 from 'step-03';
import * as step4 from 'step-04';
import * as step5 from 'step-05';
import * as step6 from 'step-06';
import * as step7 from 'step-07';
import * as step8 from 'step-08';
import * as step9 from 'step-09';
import * as step10 from 'step-10';
import { exampleConfig } from '../../../capstone/src/oci/command/spec.ts';
import { callFacts } from '../call-line.ts';
import { FLAGS } from '../flags.ts';
import { hasFlag, planOf, takesRootfs } from '../machine.ts';
import { ROOTFS } from '../rootfs.ts';
import { sectionsOf } from '../sections.ts';
import { CGROUP_V1, SWITCHES } from '../toggles.ts';
import type { Asked, Engine, Toggle } from '../types.ts';
import { type Bundled, bundled } from './bundled.ts';
import { docker } from './docker.ts';
import { TREE } from './node/host.ts';
import { trace } from './trace.ts';

declare const STEP_FOLDERS: readonly string[]; // bundle.ts

/** Every step's own command, by its number less one. */
const STEPS: readonly Step[] = [step1, step2, step3, step4, step5, step6, step7, step8, step9, step10].map(
  ({ step }) => step as unknown as Step,
);

const engine: Engine = {
  steps: STEPS.map((step, index) => ({
    number: index + 1,
    title: step.title,
    takesRootfs: takesRootfs(step),
    folder: STEP_FOLDERS[index] ?? '',
  })),
  toggles: toggles(),
  flags: FLAGS,
  facts: (name) => (name in SYSCALL_NUMBERS ? callFacts(name as SyscallName) : undefined),
  docker: (line) => docker(line, STEPS.at(-1) as Step),
  sections: (asked) => sectionsOf(made(asked).plan),
  example: JSON.stringify(exampleConfig(), null, 2),
  trace: (asked, without = []) => {
    const { plan, tree } = made(asked);
    return trace(plan, { sections: sectionsOf(plan), v1: asked.v1, tree, without });
  },
};

Object.assign(globalThis, { boxstepEngine: engine });

/** The plan that is asked for, and the files of the machine it is for. */
function made({ step, args, v1, command = ['sh'], config }: Asked): Bundled {
  if (config !== undefined) return bundled(config);
  const one = STEPS[step - 1];
  if (!one) throw new Error(`there is no step ${step}`);
  return { plan: planOf(one, ROOTFS, args, v1, command), tree: TREE };
}

/** The switches that some step knows, each from the first step that does. */
function toggles(): Toggle[] {
  const flags = SWITCHES.flatMap((one): Toggle[] => {
    const since = 1 + STEPS.findIndex((step) => hasFlag(step, one.args[0] ?? ''));
    return since === 0 ? [] : [{ ...one, label: one.args.join(' '), since }];
  });
  const words = 'a machine with the older version of cgroups';
  return [...flags, { id: CGROUP_V1, args: [], label: 'cgroup v1', words, since: 1 }];
}
