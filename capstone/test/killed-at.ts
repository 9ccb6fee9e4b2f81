import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// A command that is killed at a place of your choice: NODE_OPTIONS=--import=…/killed-at.ts KILLED_AT='AFTER PATH'. From the first
// time on that something at AFTER is renamed, it dies before it reads or copies a file at PATH. Both are what paths match.
const [after = '', path = ''] = (process.env.KILLED_AT ?? '').split(' ');
let armed = false;

const { copyFileSync, readFileSync, renameSync } = fs;
const dieAt = (what: unknown) => {
  if (armed && RegExp(path).test(String(what))) process.kill(process.pid, 'SIGKILL');
};
Object.assign(fs, {
  copyFileSync(...args: Parameters<typeof copyFileSync>) {
    dieAt(args[0]);
    return copyFileSync(...args);
  },
  readFileSync(...args: Parameters<typeof readFileSync>) {
    dieAt(args[0]);
    return readFileSync(...args);
  },
  renameSync(...args: Parameters<typeof renameSync>) {
    armed ||= RegExp(after).test(String(args[1]));
    return renameSync(...args);
  },
});
syncBuiltinESMExports();
