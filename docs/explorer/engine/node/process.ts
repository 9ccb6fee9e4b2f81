import { Buffer } from 'buffer/';
import * as crypto from './crypto.ts';

/** The process that plans: root's, on a machine of the usual kind, with an empty environment. */
const process = {
  env: {},
  arch: 'x64',
  platform: 'linux',
  argv: ['node', 'boxstep'],
  execArgv: [],
  pid: 4000,
  version: 'v26.0.0',
  versions: {},
  stdin: {},
  stdout: {},
  stderr: {},
  cwd: () => '/',
  umask: () => 0o22,
  getuid: () => 0,
  geteuid: () => 0,
  getgid: () => 0,
  getegid: () => 0,
  getgroups: () => [],
  getBuiltinModule: (name: string) => (name === 'node:crypto' ? crypto : undefined),
  on() {},
  off() {},
  emitWarning() {},
};

// esbuild puts these in the place of Node's globals.
export { Buffer, process };
