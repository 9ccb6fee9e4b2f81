import 'step-10/model';
import { closeSync, readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { asText, type Call } from 'shared-native';
import type { Answer, State } from 'shared-native/model';
import type { Plan, Step } from 'step-01';
import * as step1 from 'step-01';
import { cloneFlags, defaultRootfsPath, inOrder } from 'step-01';
import { inModel } from 'step-01/model';
import * as step2 from 'step-02';
import * as step3 from 'step-03';
import * as step4 from 'step-04';
import * as step5 from 'step-05';
import * as step6 from 'step-06';
import * as step7 from 'step-07';
import * as step8 from 'step-08';
import * as step9 from 'step-09';
import { modelledMaps } from 'step-09/model';
import * as step10 from 'step-10';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leftovers } from './boxstep.ts';
import { modelledLimits, realLimits } from './each-call/limits.ts';
import { type Disk, MODELLED_DISKS, mountAsModelled, onDisks, thisMachine } from './each-call/machine.ts';
import { modelledShown, reallyShown, type Shown } from './each-call/shown.ts';
import { startStopping } from './each-call/stops.ts';
import { needs } from './needs.ts';

// The plan explorer shows what a process has after each call: the model says so. Here, a real one stops after each call,
// and /proc shows the same.

const STEPS = [step1, step2, step3, step4, step5, step6, step7, step8, step9, step10].map(
  ({ step }) => step as unknown as Step,
);
const NAME = 'boxstep-modelled';
const { BOXSTEP_ROOT: ROOT = '' } = process.env;
const START = process.cwd();

/** Where there is what containers have on the host; in a guest the root filesystem lies elsewhere. */
const paths = [...new Set([ROOT, defaultRootfsPath()])].filter(
  (path, nth) => nth === 0 || !path.startsWith(`${ROOT}/`),
);

let disks: readonly Disk[];

beforeEach(needs('root'));
beforeAll(() => {
  if (process.geteuid?.() !== 0) return;
  process.chdir('/');
  writeFileSync('/proc/thread-self/comm', 'node'); // as the process in the model is called
  disks = mountAsModelled(paths);
});
afterAll(() => {
  process.chdir(START);
  expect(leftovers(NAME)).toEqual([]);
});

interface Prepared {
  readonly plan: Plan;
  readonly on: State;
}

/** The plan of a command line, and the machine that it is made on. */
async function prepared(line: string): Promise<Prepared> {
  const [number, ...words] = line.split(' ');
  const step = STEPS[Number(number) - 1] as Step;
  const command = step.options(new Command().helpOption(false).exitOverride());
  const flags = command.parse(['--name', NAME, ...words], { from: 'user' }).opts();
  const root = defaultRootfsPath();
  const wanted = step.read(flags, [...(step === STEPS[0] ? [] : [root]), 'sleep', '100']);
  const options = await step.prepare({ ...wanted, pipes: [] } as never, () => {});
  const plan = step.plan(options);
  const { idmap, maps } = options as Partial<step9.Options>;
  return {
    plan,
    on: thisMachine(disks, paths, {
      clone: plan.program.join.length > 0 ? 0 : cloneFlags(plan.namespaces),
      ...(maps && idmap && { userNamespaces: { [idmap]: modelledMaps(maps) } }),
    }),
  };
}

/** What the model shows after each call, and at the end. */
function modelled({ plan, on }: Prepared): ReadonlyMap<Call | 'end', Shown> {
  const shown = new Map<Call | 'end', Shown>();
  const answers: Answer[] = [];
  const look = (state: State) => {
    const { mounts = '', ...rest } = modelledShown(state, answers, NAME);
    return { ...rest, mounts: onDisks(mounts, MODELLED_DISKS) };
  };
  const { state, after, deeds } = inModel(plan, on, {
    watch(answer, now) {
      answers.push(answer);
      shown.set(answer.call, look(now));
    },
  });
  expect(deeds.filter(({ error }) => error)).toEqual([]);
  expect(after).toMatchObject({ end: 'executed' });
  return shown.set('end', { ...look(state), ...modelledLimits(plan, state) });
}

/** The same of a real container, which stops after each call. */
async function real({ plan }: Prepared): Promise<ReadonlyMap<Call | 'end', Shown>> {
  const shown = new Map<Call | 'end', Shown>();
  const look = (stop: Parameters<typeof reallyShown>[0]) => {
    const { mounts = '', ...rest } = reallyShown(stop, NAME);
    return { ...rest, mounts: onDisks(mounts, disks) };
  };
  let results: ReadonlyMap<Call, number> = new Map();
  const { pid, taken, kill, exited } = await startStopping(plan, (call, stop) => {
    results = stop.results;
    shown.set(call, look(stop));
  });
  try {
    await expect.poll(() => readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('sleep\n');
    return shown.set('end', { ...look({ pid, results }), ...realLimits(plan) });
  } finally {
    for (const descriptor of taken) closeSync(descriptor);
    kill('SIGKILL');
    await exited;
  }
}

/** The first difference of each kind between what the kernel shows and what the model does, with the call. */
function differences(kernel: ReadonlyMap<Call | 'end', Shown>, model: ReadonlyMap<Call | 'end', Shown>): string[] {
  const found = new Map<string, string>();
  for (const [call, shown] of kernel) {
    const after = call === 'end' ? 'at the end' : asText(call);
    const modelled = model.get(call);
    if (!modelled) found.set(after, `${after} isn't made in the model`);
    for (const name of Object.keys(modelled ? { ...modelled, ...shown } : {})) {
      const [text, other] = [shown[name], modelled?.[name]];
      if (other !== text && !found.has(name)) found.set(name, `${after}: ${name}\nkernel: ${text}\nmodel:  ${other}`);
    }
  }
  return [...found.values()];
}

const COMMANDS = [
  '1',
  '1 --hostname web',
  '2',
  '3 -m 64m --cpus 0.5 --pids-limit 20 --oom-score-adj 300',
  '4 -u 7:5 --group-add 20 --group-add 4 -w /srv/app --read-only --ulimit nofile=64:128',
  '4 -t',
  '5 --network none',
  '6 --network none --ipc none',
  '6 --network none --ipc shareable --shm-size 8m',
  '7 --network none -v data:/data --tmpfs /run:size=1m -v /etc/hostname:/srv/name:ro',
  '8 --network none',
  '9 --network none',
  '9 --network none --userns host',
  '9 --network none -t -u 33 -v data:/data',
  '10 --network none -t -u 1000 --cap-drop ALL --security-opt no-new-privileges',
  '10 --network none --privileged --pid host --uts host',
  '10 --network none --userns host --cap-add NET_ADMIN --device /dev/zero:/dev/nil -v data:/data --tmpfs /run',
  '10 --network none --read-only --security-opt seccomp=unconfined --security-opt systempaths=unconfined',
];

/** Takes nftables, as a network of its own does. */
const WITH_NETWORK = ['5', '10', '10 --userns host -p 127.0.0.1::80 --sysctl net.ipv4.ip_forward=1'];

async function agree(line: string): Promise<void> {
  const one = await prepared(line);
  const model = modelled(one);
  const kernel = await real(one);
  expect(differences(kernel, model).join('\n\n')).toBe('');
  expect(kernel.size).toBeGreaterThan(inOrder(one.plan.program).length * 0.8); // it stopped after nearly all of them
}

describe('after each call of a plan, /proc shows the same as the model', () => {
  test.each(COMMANDS)('%s', agree);
  describe('with a network', () => {
    beforeEach(needs('nft'));
    test.each(WITH_NETWORK)('%s', agree);
  });
});

test('a model that leaves a call out differs from then on', async () => {
  const one = await prepared('2');
  const { program } = one.plan;
  const setup = program.setup.filter(({ name }) => name !== 'sethostname');
  const wrong = modelled({ ...one, plan: { ...one.plan, program: { ...program, setup } } });
  expect(differences(await real(one), wrong)).toEqual([
    expect.stringMatching(/^sethostname\(.* isn't made in the model$/),
    expect.stringMatching(/: hostname\nkernel: boxstep-modelled\nmodel: {2}\w+$/),
  ]);
});
