import { parseArgs, styleText } from 'node:util';
import { cgroupChecks } from './doctor/cgroups.ts';
import { type Check, impossible, type Result } from './doctor/check.ts';
import { machineChecks } from './doctor/machine.ts';
import { namespaceChecks } from './doctor/namespaces.ts';
import { networkChecks } from './doctor/network.ts';
import { overlayChecks } from './doctor/overlay.ts';
import { rootlessChecks } from './doctor/rootless.ts';
import { rootlessNeeds } from './doctor/rootless-needs.ts';
import { stateChecks } from './doctor/state.ts';
import { userChecks } from './doctor/users.ts';

// What of the course this machine can run, and what mends the rest. Exit status 1 only if it can run nothing.

const usage = `usage: ./boxstep doctor [--json]     (or: npm run doctor; \`pnpm doctor\` is pnpm's own command)`;
const checks: Check[] = [
  machineChecks,
  userChecks,
  stateChecks,
  rootlessChecks,
  rootlessNeeds,
  namespaceChecks,
  cgroupChecks,
  overlayChecks,
  networkChecks,
].flat();
const looks = {
  ok: styleText('green', 'ok  '),
  warning: styleText('yellow', 'warn'),
  impossible: styleText('red', 'FAIL'),
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) return console.log(usage);
  const show = values.json ? () => {} : print;
  const results = [];
  for (const check of checks) {
    const result = { name: check.name, ...(await outcome(check)) };
    show(result);
    results.push(result);
  }
  const fatal = results.filter(({ status }) => status === 'impossible');
  const warnings = results.filter(({ status }) => status === 'warning');
  if (fatal.length > 0) process.exitCode = 1;
  if (values.json) return console.log(JSON.stringify({ ok: fatal.length === 0, checks: results }, null, 2));
  console.log(`\n${summary(fatal.length, warnings.length)}`);
}

/** A check that breaks is a finding, too. */
async function outcome({ run }: Check): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    return impossible(String(error), 'this check broke; please report it');
  }
}

function print({ name, status, found, meaning, mend }: Result & { name: string }): void {
  console.log(`${looks[status]}  ${name.padEnd(17)} ${found}`);
  if (meaning) console.log(`      ${meaning}`);
  if (mend) console.log(`      ${styleText('bold', mend)}`);
}

function summary(fatal: number, warnings: number): string {
  if (fatal > 0) return styleText('red', "The course can't run here until what says FAIL is mended.");
  if (warnings > 0) return styleText('yellow', `The course runs here, except for what ${warnings} lines warn of.`);
  return styleText('green', 'All of the course runs here.');
}

// Nobody reads it any more (`doctor | head -n 1`), or it can't be written.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') console.error(`doctor: ${message}`);
  process.exit(2);
});

try {
  await main();
} catch (error) {
  console.error(`doctor: ${error instanceof Error ? error.message : error}\n${usage}`);
  process.exitCode = 2;
}
