import { closeSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRootfs, start } from '../../../steps/01-namespaces/src/index.ts';
import { enterAsRoot } from '../../../steps/09-users/src/rootless/become.ts';
import { namespacePlan, takeOpened } from '../../../steps/09-users/src/rootless/namespace.ts';
import { ownMaps } from '../../../steps/09-users/src/rootless/own-maps.ts';
import type { CProgram } from '../c-program.ts';
import { interleave } from '../interleave.ts';
import { group } from '../results.ts';
import { C_CALLS, contender, type Heat, heats, IN_C, inC, whole } from '../warm.ts';

// What an ordinary user does for the bench: measures a part of a container's start beside C, and prints the group as JSON.

const [part = '', amount = ''] = process.argv.slice(2);
if (part === 'container') await enterAsRoot();
const directory = mkdtempSync(join(process.env.HOME ?? '', 'bench-'));
const programs: CProgram[] = [];
try {
  const { title, comparedWith, contenders } = await (part === 'container' ? container() : namespace());
  const measured = await interleave(contenders, JSON.parse(amount), new AbortController().signal);
  process.stdout.write(JSON.stringify(group(title, comparedWith, measured)));
} finally {
  for (const program of programs) program.end();
  rmSync(directory, { recursive: true });
}

function compiled(one: Parameters<typeof inC>[1]): CProgram | undefined {
  const program = inC(directory, one);
  if (program) programs.push(program);
  return program;
}

function namespace(): Heat {
  const plan = namespacePlan(ownMaps());
  const c = compiled({ plan: () => plan });
  const ours = contender('start() of step-01', async () => {
    const { exited } = await start(plan, undefined, { guest: true });
    closeSync(takeOpened());
    return exited;
  });
  return {
    title: 'warm, as an ordinary user: the user namespace, mapped by newuidmap and newgidmap',
    comparedWith: C_CALLS,
    contenders: [...(c ? [c.contender('host', C_CALLS)] : []), ours],
  };
}

async function container(): Promise<Heat> {
  await defaultRootfs(console.error);
  const one = whole("step 10's container with --network none", ['--network', 'none']);
  const name = `bench-${process.pid}`;
  for (const its of [name, IN_C]) await one.prepare?.(its);
  const [heat] = heats(one, one.plan(name), compiled(one)) as [Heat];
  return { ...heat, title: heat.title.replace('warm:', 'warm, as an ordinary user:') };
}
