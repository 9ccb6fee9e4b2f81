'use strict';
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** What writes to the cache. @param places - what boot.cjs exports */
exports.storeIn = function storeIn({ directory, isTrusted, root }) {
  return { make, prepare, write };

  /** Has a file bundled, by a process apart: this one goes on as if nothing had been. @returns whether that worked */
  function make(entry) {
    if (!hasEsbuild() || !prepare(directory)) return false;
    const bundler = path.join(__dirname, 'bundle.mjs');
    return spawnSync(process.execPath, ['--', bundler, entry], { cwd: root, stdio: 'ignore' }).status === 0;
  }

  /** Makes a folder for a cache unless it's there. @returns whether we may write to it, and nobody that we don't trust */
  function prepare(folder) {
    try {
      const first = fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
      if (first) for (let made = folder; made.length >= first.length; made = path.dirname(made)) hand(made);
      fs.accessSync(folder, fs.constants.W_OK);
      return isTrusted(fs.lstatSync(folder));
    } catch {
      return false;
    }
  }

  /** Writes a file beside its place and renames it: another process sees all of it or nothing. @throws {Error} */
  function write(file, bytes) {
    const making = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}.making`;
    try {
      fs.writeFileSync(making, bytes, { flag: 'wx', mode: 0o644 });
      hand(making);
      fs.renameSync(making, file);
    } catch (error) {
      fs.rmSync(making, { force: true });
      throw error;
    }
  }

  /** What root makes in somebody's clone is theirs: it would be in their way. */
  function hand(made) {
    const { uid, gid } = fs.statSync(root);
    if (process.geteuid() === 0 && uid !== 0) fs.lchownSync(made, uid, gid);
  }
};

/** Is it installed? It isn't where the course is only to be run (`pnpm install --prod`). */
function hasEsbuild() {
  try {
    return require.resolve('esbuild') !== undefined;
  } catch {
    return false;
  }
}
