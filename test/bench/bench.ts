import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CLONE_NEWNET, linkUp, perform, request, unshare } from '../../shared-native/src/index.ts';
import { type Container, defaultRootfs, type Options, parents, prune } from '../../steps/01-namespaces/src/index.ts';
import type { CProgram } from './c-program.ts';
import { type Command, commandContender } from './command.ts';
import { joiners, waiting } from './exec.ts';
import { amongImages, unpackers } from './images.ts';
import { type Amount, interleave } from './interleave.ts';
import { carriers, runtimes, VERBS } from './oci.ts';
import { NOTHING, ours, REPOSITORY } from './ours.ts';
import { type Phase, phases } from './phases.ts';
import { pullers } from './pull.ts';
import { type Group, group, groupText, pairsText } from './results.ts';
import { rivals } from './rivals.ts';
import { rootless } from './rootless.ts';
import { type Scale, scale, scaleText } from './scale/scale.ts';
import { milliseconds, table } from './table.ts';
import {
  containerOptions,
  EXEC,
  execHeat,
  execPlan,
  heats,
  IN_C,
  inC,
  type Measured,
  onTheNetwork,
  PLANS,
  whole,
} from './warm.ts';

const PARTS = ['warm', 'rootless', 'cold', 'oci', 'images', 'pull', 'scale', 'phases'];

const USAGE = `usage: pnpm bench [--quick] [--only ${PARTS.join('|')}] [--of TEXT] [--out FILE]

How long a container takes that runs /bin/true, beside a C program that makes the same calls, and beside other
runtimes; the same for an ordinary user; the commands of the OCI runtime, beside runc's; how long an image takes to unpack, beside tar and umoci, and to pull, beside skopeo and podman; and what a
thousand running containers take. It takes a few minutes; --quick a fifth of that.
--of 'step 05' measures only those of the warm ones that have it in their title. Results as JSON: .bench/results.json, or FILE.
`;

const { quick, only, of, out, help } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    of: { type: 'string', default: '' },
    out: { type: 'string', default: join(REPOSITORY, '.bench/results.json') },
    help: { type: 'boolean', default: false },
  },
}).values;
const wanted = (part: string) => only === undefined || only === part;
const WARM: Amount = { rounds: quick ? 6 : 30, batch: 10, warmUp: quick ? 50 : 500 };
// The first run makes the cache, the second is the first from it.
const COLD: Amount = { rounds: quick ? 8 : 30, batch: 1, warmUp: 2 };

if (help || (only !== undefined && !PARTS.includes(only))) {
  process.stdout.write(USAGE);
  process.exitCode = help ? 0 : 1;
} else if (process.geteuid?.() !== 0) {
  process.stderr.write('bench: it starts containers, which takes root. Type: sudo env "PATH=$PATH" pnpm bench\n');
  process.exitCode = 1;
} else {
  await bench();
}

async function bench(): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  perform(unshare(CLONE_NEWNET)); // bridges, tables and ip_forward are never the machine's
  const directory = mkdtempSync(join(tmpdir(), 'boxstep-bench-'));
  const options = containerOptions();
  await defaultRootfs(console.log);
  try {
    const groups: Group[] = [];
    if (wanted('warm')) groups.push(...(await warm(directory, interrupted.signal)));
    if (wanted('cold')) {
      groups.push(await cold(directory, options, interrupted.signal));
      groups.push(await coldExec(directory, options, interrupted.signal));
    }
    if (wanted('oci')) groups.push(...(await oci(directory, options, interrupted.signal)));
    if (wanted('images')) groups.push(...(await images(directory, interrupted.signal)));
    if (wanted('pull')) groups.push(await pull(directory, interrupted.signal));
    const atOnce = wanted('scale') ? await scale(directory, quick ? 100 : 1000, interrupted.signal) : undefined;
    if (atOnce) console.log(scaleText(atOnce));
    const parts = wanted('phases') ? await phases(quick ? 5 : 11, interrupted.signal) : [];
    if (parts.length > 0) console.log(phasesText(parts));
    if (wanted('rootless')) groups.push(...(await rootless(directory, WARM, interrupted.signal)).map(shown)); // last: its user is in this process's mounts
    save(groups, parts, atOnce);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.stderr.write('bench: stopped; nothing of it is left on the machine\n');
    process.exitCode = 130;
  } finally {
    rmSync(directory, { recursive: true });
    await prune(parents(options.hierarchies));
  }
}

async function warm(directory: string, signal: AbortSignal): Promise<Group[]> {
  const leave = await onTheNetwork();
  const joined = await waiting(`bench-joined-${process.pid}`);
  const programs: CProgram[] = [];
  const compiled = (one: Pick<Measured, 'plan' | 'descriptors'>) => {
    const program = inC(directory, one);
    if (program) programs.push(program);
    return program;
  };
  const isAsked = ({ title }: { readonly title: string }) => title.includes(of);
  const name = `bench-${process.pid}`;
  const asked = [...PLANS, whole()].filter(isAsked);
  for (const one of asked) for (const its of [name, IN_C]) await one.prepare?.(its);
  const all = asked.flatMap((one) => heats(one, one.plan(name), compiled(one)));
  const plan = () => execPlan(joined.name);
  if (isAsked({ title: EXEC })) all.push(execHeat(plan(), joined.pid, compiled({ plan })));
  const everyone = all.flatMap(({ contenders }) => contenders);
  try {
    const measured = await interleave(everyone, WARM, signal);
    return all.map(({ title, comparedWith, contenders }) => {
      const results = new Map([...measured].filter(([one]) => contenders.includes(one)));
      return shown(group(title, comparedWith, results));
    });
  } finally {
    for (const program of programs) program.end();
    await end(joined);
    await leave();
  }
}

async function cold(directory: string, options: Options, signal: AbortSignal): Promise<Group> {
  const others = await rivals(directory, options);
  try {
    const commands = [...ours(), ...others.commands];
    return await wholeCommands('cold: a whole command', commands, ['runc', 'crun'], signal);
  } finally {
    await others.cleanUp();
  }
}

async function coldExec(directory: string, options: Options, signal: AbortSignal): Promise<Group> {
  const joined = await waiting(`bench-joined-${process.pid}`);
  const others = await joiners(directory, options, joined);
  try {
    const title = 'cold: a whole command that joins a container';
    return await wholeCommands(title, others.commands, ['nsenter', 'runc', 'crun'], signal);
  } finally {
    await others.cleanUp();
    await end(joined);
  }
}

/** Measures commands beside one that does nothing. @param rivals - how the names of those begin that ours is compared with */
async function wholeCommands(
  title: string,
  commands: readonly Command[],
  rivals: readonly string[],
  signal: AbortSignal,
): Promise<Group> {
  const measured = await interleave(commands.map(commandContender), COLD, signal);
  const cold = shown(group(title, NOTHING.name, measured));
  console.log(pairsText([cold], './boxstep', [NOTHING.name, ...rivals]));
  return cold;
}

async function oci(directory: string, options: Options, signal: AbortSignal): Promise<Group[]> {
  const all = runtimes(directory, options);
  const groups: Group[] = [];
  for (const verb of VERBS) {
    const measured = await interleave(carriers(all, verb), { ...COLD, rounds: quick ? 4 : 30 }, signal);
    groups.push(shown(group(`cold: ${verb} of an OCI runtime`, NOTHING.name, measured)));
  }
  console.log(pairsText(groups, 'boxstep-oci', [NOTHING.name, 'runc']));
  return groups;
}

async function images(directory: string, signal: AbortSignal): Promise<Group[]> {
  const memory = { kibibytes: 0 };
  const megabytes = quick ? 60 : 300;
  const unpacking = await unpackers(directory, megabytes, memory);
  const unpacked = await interleave(unpacking, { rounds: quick ? 3 : 7, batch: 1, warmUp: 1 }, signal);
  const first = shown(group(`an image of ${megabytes} MB in 8 layers, unpacked`, 'tar -xz', unpacked));
  console.log(`ours took ${(memory.kibibytes / 1024).toFixed(0)} MiB of memory at most\n`);
  const starting = await amongImages(directory, quick ? 100 : 1000);
  const started = await interleave(starting, COLD, signal);
  return [first, shown(group('cold: a container of an image', 'an image alone in the store', started))];
}

async function pull(directory: string, signal: AbortSignal): Promise<Group> {
  request(linkUp('lo'));
  const memory = { kibibytes: 0 };
  const megabytes = quick ? 100 : 500;
  const { contenders, close } = await pullers(directory, megabytes, memory);
  try {
    const measured = await interleave(contenders, { rounds: quick ? 3 : 5, batch: 1, warmUp: 1 }, signal);
    const title = `an image of ${megabytes} MB in 8 layers, pulled from this machine and unpacked`;
    const all = shown(group(title, 'skopeo copy, umoci unpack', measured));
    console.log(`ours took ${(memory.kibibytes / 1024).toFixed(0)} MiB of memory at most\n`);
    return all;
  } finally {
    await close();
  }
}

async function end(container: Container): Promise<void> {
  container.kill('SIGKILL');
  await container.exited;
}

function shown(of: Group): Group {
  console.log(groupText(of));
  return of;
}

function phasesText(parts: readonly Phase[]): string {
  const rows = parts.map(({ name, median, share, p10, p90, n }) => {
    return [
      name,
      milliseconds(median),
      `${(share * 100).toFixed(0)} %`,
      `${milliseconds(p10)} - ${milliseconds(p90)}`,
      String(n),
    ];
  });
  return table('cold: where the time of our command goes', ['ms', 'share', 'p10 - p90', 'n'], rows);
}

function save(groups: readonly Group[], parts: readonly Phase[], atOnce: Scale | undefined): void {
  const file = resolve(out);
  const machine = { kernel: release(), node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ date: new Date().toISOString(), machine, groups, phases: parts, scale: atOnce }, null, 2)}\n`,
  );
  console.log(`All measurements: ${file}`);
}
