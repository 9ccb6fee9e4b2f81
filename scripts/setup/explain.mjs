/** What pnpm or npx say, and what to do about it. The first that matches. */
const remedies = [
  [
    /OUTDATED_LOCKFILE|LOCKFILE_MISSING|not up to date with/i,
    'pnpm-lock.yaml does not fit a package.json. If you changed a package.json: pnpm install --no-frozen-lockfile. If not: git checkout pnpm-lock.yaml',
  ],
  [
    /BROKEN_LOCKFILE|lockfile.*(broken|pars|yaml|invalid)|(broken|pars|invalid).*lockfile/i,
    'pnpm-lock.yaml is damaged (a merge conflict, perhaps). Bring it back: git checkout pnpm-lock.yaml',
  ],
  [
    /INTEGRITY/,
    'a package is not the one that pnpm-lock.yaml names. If git status shows the lockfile as changed: git checkout pnpm-lock.yaml. If not, something between here and the registry alters downloads',
  ],
  [
    /ENOENT.*npx|npx.*ENOENT|failed to execute npx/,
    'npm is missing beside Node. Install it: sudo apt-get install npm (Fedora: sudo dnf install nodejs-npm)',
  ],
  [/ENOSPC|No space left/i, 'the disk is full. See: df -h . ~'],
  [
    /EACCES|permission denied|os error 13\b/i,
    'a folder belongs to someone else (installed once with sudo, once without?). See: ls -ld . node_modules. Then: sudo rm -rf node_modules */node_modules */*/node_modules, and again without sudo',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET|META_FETCH_FAIL|error sending request|dns error/i,
    'the package registry could not be reached. Check the network; behind a proxy, set HTTPS_PROXY. What is asked: npm config get registry',
  ],
];

/**
 * A Node that was installed and does not start: what it said, what to do.
 * @param {string} said
 */
export function explainNode(said) {
  const todo = /libatomic/.test(said)
    ? 'Node 26 needs a library that small systems lack: sudo apt-get install libatomic1 (Fedora: sudo dnf install libatomic)'
    : 'try: rm -rf node_modules, then again';
  return `Node is installed, but does not start. It said:\n\n  ${said.trim()}\n\nboxstep: ${todo}`;
}

/**
 * An install that failed: what was tried, what the answer was, what to do.
 * @param {{ command: string[], status: number | string, output: string }} attempt
 */
export function explain({ command, status, output }) {
  const tried = `${command.join(' ')} install --frozen-lockfile`;
  const found = remedies.find(([pattern]) => pattern.test(output));
  const todo = found?.[1] ?? `try it by hand, in the folder of the clone: ${tried}`;
  const answer = output.trim().split('\n').slice(-25).join('\n  ');
  return `\`${tried}\` failed (${typeof status === 'number' ? `exit status ${status}` : status}). It said:\n\n  ${answer}\n\nboxstep: ${todo}`;
}
