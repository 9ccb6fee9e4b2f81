import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { GUESTS, type GuestName, obstacle } from '../test/vm/guests.ts';
import { runInGuest } from '../test/vm/run.ts';

// `npm run vm -- [flags] uml command…`: runs a command in a guest, in the directory of npm's caller; exits as it does.
const usage = 'usage: npm run vm -- [--timeout SECONDS] [--out FOLDER, seen as /run/vm] uml|qemu command…';
const args = process.argv.slice(2);
const at = args.findIndex((word) => Object.hasOwn(GUESTS, word)); // what follows is the command's
const [name, ...words] = at === -1 ? [] : args.slice(at);
const cwd = process.env.INIT_CWD ?? process.cwd();
const passed = ['PATH', 'HOME', 'LANG', 'CI', 'BOXSTEP_CACHE'];

try {
  if (name === undefined || words.length === 0) throw new Error(usage);
  const options = { timeout: { type: 'string' }, out: { type: 'string' } } as const;
  const { values } = parseArgs({ args: args.slice(0, at), options });
  const why = obstacle();
  if (why !== undefined) throw new Error(why);
  process.exitCode = await runInGuest(name as GuestName, {
    words,
    cwd,
    env: Object.fromEntries(passed.flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : []))),
    out: values.out && resolve(cwd, values.out),
    timeout: Number(values.timeout ?? 1500) * 1000,
    stdout: process.stdout,
    stderr: process.stderr,
    say: (line) => console.error(`boxstep: ${line}`),
  });
} catch (error) {
  console.error(`boxstep: ${(error as Error).message}`);
  process.exitCode = 125;
}
