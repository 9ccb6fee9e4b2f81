'use strict';
// What ./boxstep starts Node on: `node -- boot.cjs STEP/src/main.ts …` runs that main.ts, from a cache if there is one.
// Finding, stripping and compiling two hundred modules takes four times as long as Node's own start. So the cache holds
// a step as one file (bundle.mjs), and what V8 compiled of it (keep.cjs). All that is here runs at each start, and is in
// one file because each further one takes 0.5 ms.

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

/** The folder of the clone. */
const root = path.resolve(__dirname, '../..');
/** Where the caches are, a file for each entry. */
const directory = path.join(root, 'node_modules/.cache/boxstep');
/** Bytes that a processor's cache has room for. */
const PART = 128 * 1024;
/** Whom a user namespace doesn't know: it may be anybody (user_namespaces(7)). */
const NOBODY = 65534;
const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
module.exports = { directory, isTrusted, placeOf, root, stampOf };

if (require.main === module) {
  process.argv.splice(1, 1); // as if Node had been started on main.ts
  if (['run', 'exec', 'start'].includes(process.argv[2]) && process.geteuid() === 0) waitEarly();
  start(fs.realpathSync(process.argv[1]));
}

function start(main) {
  // Somebody who gives Node options, such as a debugger's, wants to see the sources. A script awaits at its top level.
  const cached = process.env.NODE_OPTIONS || path.basename(main) !== 'main.ts' ? undefined : find(main);
  if (!cached) return require('./from-source.cjs').run(main, store().prepare);
  Error.prepareStackTrace = (error, frames) => require('./trace.cjs').trace(error, frames, directory);
  process.on('uncaughtException', (error) => require('./trace.cjs').die(error));
  run(cached);
}

/** A package of npm's, which has a cache of its own: few commands need it. */
function load(entry) {
  const cached = find(entry);
  return cached ? run(cached) : require(entry);
}

/** What the cache has of a file; made anew if that isn't up to date; undefined if it can't be. */
function find(entry) {
  return read(entry) ?? (store().make(entry) ? read(entry) : undefined);
}

function run(cached) {
  const { script, header } = cached;
  const module = { exports: {} };
  process.on('exit', (status) => {
    const { command } = module.exports; // flags may stand before it, which only main.ts understands
    const word = typeof command === 'string' ? command : (process.argv[2] ?? '');
    const isKept = header.words.includes(word) && !script.cachedDataRejected;
    if (!isKept) require('./keep.cjs').keep(cached, word, status, store().write);
  });
  script.runInThisContext()(module, module.exports, require, load);
  return module.exports;
}

/** What the cache file of a file holds, if nothing that it was made from has changed. */
function read(entry) {
  const file = placeOf(entry);
  try {
    const half = contents(file);
    const begin = half.indexOf('\n') + 1;
    const header = JSON.parse(half.utf8Slice(0, begin));
    if (header.entry !== entry || header.stamp !== stampOf(header.inputs)) return undefined;
    const end = begin + header.length;
    const source = half.latin1Slice(begin, end);
    const cachedData = end < half.length ? half.subarray(end) : undefined;
    const script = new vm.Script(source, { filename: file, cachedData, importModuleDynamically });
    return { file, header, source, script };
  } catch {
    return undefined; // there is none yet, or none that we may trust
  }
}

/** @throws {Error} if there is no such file, it is spoiled, or somebody could have written it who has no say in what runs here. */
function contents(file) {
  const folder = fs.lstatSync(directory);
  if (!isTrusted(folder)) throw new Error(`${directory} is not trusted`);
  const descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    const status = fs.fstatSync(descriptor);
    if (!isTrusted(status)) throw new Error(`${file} is not trusted`);
    if (process.geteuid() !== 0) process.env.BOXSTEP_TRUSTS = [trusted(), idOf(folder), idOf(status)].flat().join();
    return firstHalf(descriptor, status.size);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * V8 believes a code cache: one that a full disk or a power cut has spoiled would crash it. A checksum takes 3 ms here, and a
 * comparison 0.1: so everything is in the file twice. The second half comes in parts, or the kernel would fetch memory for it.
 */
function firstHalf(descriptor, size) {
  const half = Buffer.allocUnsafeSlow(size >> 1);
  const part = Buffer.allocUnsafeSlow(PART);
  fs.readSync(descriptor, half);
  for (let at = 0; at < half.length; at += PART) {
    const length = fs.readSync(descriptor, part, 0, Math.min(PART, half.length - at));
    if (!part.subarray(0, length).equals(half.subarray(at, at + PART))) throw new Error('it is spoiled');
  }
  return half;
}

/**
 * Only this user, root, and the owner of these very sources may have written what runs here. The owner's code runs here
 * anyway, as root after `sudo ./boxstep`; that of a group that may write to the folder must not.
 */
function isTrusted(status) {
  const { uid, mode } = status;
  const known = uid === NOBODY ? wasTrusted(status) : [0, process.geteuid(), fs.statSync(__filename).uid].includes(uid);
  return known && (mode & 0o022) === 0;
}

/**
 * An ordinary user's command of step 9 starts again in a user namespace (rootless/become.ts), where all that isn't the user's
 * is nobody's. What it trusted before, with the same inode, unchanged, it still does.
 */
function wasTrusted(status) {
  return process.env.BOXSTEP_UID !== undefined && trusted().includes(idOf(status));
}

function trusted() {
  return (process.env.BOXSTEP_TRUSTS ?? '').split(',');
}

function idOf({ dev, ino, ctimeMs }) {
  return `${dev}:${ino}:${ctimeMs}`;
}

/** The cache file of a file that can be run. */
function placeOf(entry) {
  return path.join(directory, path.relative(root, entry).replaceAll('/', '+'));
}

/**
 * A text that is another as soon as one of the files has changed, or Node. Nobody can set the time of a change back, as
 * they can that of a modification; but pnpm's hard links change when another clone is installed.
 *
 * @param inputs - paths, seen from the folder of the clone
 * @throws {Error} if one of them is gone
 */
function stampOf(inputs) {
  let stamp = '';
  for (const input of ['node_modules/node/bin/node', ...inputs]) {
    const { nlink, ctimeMs, mtimeMs, ino, size } = fs.statSync(`${root}/${input}`);
    stamp += nlink > 1 ? `${mtimeMs} ${ino} ${size}\n` : `${ctimeMs} ${size}\n`;
  }
  return stamp;
}

/**
 * Has the kernel wait now, beside this start, for what it would wait for when the container goes into its cgroup. Before
 * it changes the cgroup of any process it waits for each CPU to have been through the scheduler (RCU), about 10 ms; but
 * not if another process was moved in the 10 ms before. So we ask, on another thread, for a move that changes nothing:
 * of one of V8's threads, into the cgroup that it is in.
 */
function waitEarly() {
  try {
    const file = fs.readFileSync('/proc/self/cgroup', 'utf8').split('\n').map(threadsOf).find(fs.existsSync);
    const [, thread] = fs.readdirSync('/proc/self/task'); // the first is the one that runs this
    const descriptor = fs.openSync(file, 'r+');
    fs.write(descriptor, thread, () => fs.closeSync(descriptor));
  } catch {
    // There are no cgroups, or none that we may write to: the plan will say so, if it matters.
  }
}

/** The file that takes a cgroup's threads, where it usually is. @param line - of /proc/self/cgroup (cgroups(7)) */
function threadsOf(line) {
  const [, controllers, ...names] = line.split(':');
  const cgroup = names.join(':');
  return controllers ? `/sys/fs/cgroup/${controllers}${cgroup}/tasks` : `/sys/fs/cgroup${cgroup}/cgroup.threads`;
}

function store() {
  return require('./store.cjs').storeIn({ directory, isTrusted, root });
}
