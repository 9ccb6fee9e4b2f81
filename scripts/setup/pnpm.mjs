import { execFileSync, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { pinnedPnpm, root } from './workspace.mjs';

/**
 * The pnpm to use: the one on PATH if its major version is the pinned one's, else the pinned one by npx.
 * @returns {{ command: string[], env: NodeJS.ProcessEnv, uid?: number, gid?: number }}
 */
export function findPnpm(pinned = pinnedPnpm()) {
  const as = installer();
  // Corepack's shim must not stop and ask.
  const env = { ...patience, ...process.env, ...as.env, COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' };
  const { uid, gid } = as;
  const command = major(versionOnPath(env)) === major(pinned) ? ['pnpm'] : ['npx', '--yes', `pnpm@${pinned}`];
  return { command, env, uid, gid };
}

const words = [
  'install',
  '--frozen-lockfile',
  '--reporter=append-only',
  // No question before it removes a folder: nobody could answer it.
  '--config.confirmModulesPurge=false',
  // Their own 10 s and then 60 s before each request is tried again are minutes of silence without a network.
  '--config.fetchRetryMintimeout=1000',
  '--config.fetchRetryMaxtimeout=5000',
];
/** The same for npx. */
const patience = { npm_config_fetch_retry_mintimeout: '1000', npm_config_fetch_retry_maxtimeout: '5000' };

/**
 * Installs, keeping the output for when it fails.
 * @param {string[]} prefix what to put before the command
 * @param {{ show(text: string): void }} progress
 * @returns {Promise<{ status: number | string, output: string }>} exit status, signal or errno name
 */
export function runPnpm({ command, ...options }, prefix, progress) {
  return new Promise((done) => {
    let output = '';
    const [file, ...args] = [...prefix, ...command, ...words];
    const child = spawn(file, args, { ...options, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        progress.show(text);
      });
    }
    child.on('error', (error) => done({ status: error.code, output: error.message }));
    child.on('close', (code, signal) => done({ status: code ?? signal, output }));
  });
}

/** Under sudo, the one who typed it, if the clone is theirs: root's files in it would be in their way afterwards. */
export function installer({ SUDO_UID, SUDO_GID } = process.env, owner = statSync(root).uid) {
  if (process.getuid?.() !== 0 || !SUDO_UID || Number(SUDO_UID) !== owner || owner === 0) return { env: {} };
  const home = homeOf(SUDO_UID);
  if (!home) return { env: {} };
  // npm hands its scripts root's cache, which they could not write to.
  const env = { HOME: home, npm_config_cache: undefined, npm_config_userconfig: undefined, XDG_DATA_HOME: undefined };
  return { uid: owner, gid: Number(SUDO_GID ?? owner), env };
}

function homeOf(uid) {
  try {
    return execFileSync('getent', ['passwd', uid], { encoding: 'utf8' }).split(':')[5];
  } catch {
    return undefined;
  }
}

function versionOnPath(env) {
  try {
    return execFileSync('pnpm', ['--version'], { cwd: root, env, encoding: 'utf8', stdio: 'pipe', timeout: 20_000 });
  } catch {
    return '';
  }
}

function major(version) {
  return Number.parseInt(version, 10);
}
