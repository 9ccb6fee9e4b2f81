/**
 * The way in on a machine that has nothing but Linux, Node (18 or later) and npm: installs what is missing, then
 * becomes the command. Plain JavaScript without dependencies, because it runs before there are any.
 */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './setup/install.mjs';
import { launch } from './setup/launch.mjs';
import { root, stepNamed } from './setup/workspace.mjs';

const usage = `usage: node scripts/setup.mjs <command>

  start [step]        install what is missing, then show each step, or one step's demo (npm start -- 7)
  test [files]        install what is missing, then run every check (npm test)
  run <script> [...]  install what is missing, then run scripts/<script>.ts (npm run doctor)
  install             install what is missing and stop there (npm run setup)`;

/** What each command runs once everything is there: a file and its arguments, or null for nothing. */
const commands = {
  install: () => null,
  start: ([step, ...args]) =>
    step === undefined
      ? [join(root, 'scripts/tour.ts')]
      : [join(root, 'steps', stepNamed(step), 'src/main.ts'), 'demo', ...args],
  test: (args) => [join(root, 'scripts/test.ts'), ...args],
  run: ([script, ...args]) => {
    if (!script || !/^[a-z][a-z-]*$/.test(script)) {
      throw new Error(`\`run\` takes the name of a script in scripts/, such as doctor; got ${JSON.stringify(script)}`);
    }
    return [join(root, 'scripts', `${script}.ts`), ...args];
  },
};

/** @param {string[]} words the command and its arguments */
export async function main([name, ...args]) {
  if (name === undefined || name === '--help' || name === '-h') return console.log(usage);
  if (!Object.hasOwn(commands, name)) throw new Error(`there is no command ${JSON.stringify(name)}\n\n${usage}`);
  const program = commands[name](args);
  await install();
  if (program) await launch(program);
}

// Not when a test imports it. npm starts it by a relative path, so both sides are resolved.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(`boxstep: ${error.message}`);
    process.exitCode = 1;
  });
}
