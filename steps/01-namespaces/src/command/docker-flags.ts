const LATER = 'the capstone';
const NEVER = undefined;

/**
 * Where each flag of `docker run` comes: in a step, in the capstone, or nowhere in this course.
 *
 * @see {@link https://docs.docker.com/reference/cli/docker/container/run/ | docker container run}
 */
const COMES: Readonly<Record<string, number | typeof LATER | typeof NEVER>> = {
  ...all(1, 'domainname', 'hostname', 'init', 'name', 'rm', 'sig-proxy', 'stop-signal', 'stop-timeout'),
  ...all(2, 'read-only'),
  ...all(3, 'blkio-weight', 'cgroupns', 'cpu-period', 'cpu-quota', 'cpu-shares', 'cpus', 'cpuset-cpus', 'cpuset-mems'),
  ...all(3, 'device-read-bps', 'device-read-iops', 'device-write-bps', 'device-write-iops', 'memory'),
  ...all(3, 'memory-reservation', 'memory-swap', 'oom-score-adj', 'pids-limit', 'ulimit'),
  ...all(4, 'entrypoint', 'env', 'env-file', 'group-add', 'interactive', 'tty', 'user', 'workdir'),
  ...all(5, 'add-host', 'dns', 'dns-opt', 'dns-option', 'dns-search', 'expose', 'ip', 'ip6', 'mac-address'),
  ...all(5, 'link-local-ip', 'net', 'net-alias', 'network', 'network-alias', 'publish', 'publish-all'),
  ...all(6, 'ipc', 'pid', 'shm-size', 'uts'),
  ...all(7, 'mount', 'tmpfs', 'volume', 'volumes-from'),
  ...all(9, 'userns'),
  ...all(10, 'cap-add', 'cap-drop', 'device', 'device-cgroup-rule', 'privileged', 'security-opt', 'sysctl'),
  ...all(LATER, 'attach', 'cidfile', 'detach', 'detach-keys', 'health-cmd', 'health-interval', 'health-retries'),
  ...all(LATER, 'health-start-interval', 'health-start-period', 'health-timeout', 'label', 'label-file'),
  ...all(LATER, 'annotation', 'blkio-weight-device', 'cgroup-parent', 'cpu-rt-period', 'cpu-rt-runtime', 'link'),
  ...all(LATER, 'log-driver', 'log-opt', 'memory-swappiness', 'no-healthcheck', 'oom-kill-disable', 'platform', 'pull'),
  ...all(LATER, 'quiet', 'restart', 'runtime', 'volume-driver'),
  ...all(NEVER, 'cpu-count', 'cpu-percent', 'disable-content-trust', 'gpus', 'io-maxbandwidth', 'io-maxiops'),
  ...all(NEVER, 'isolation', 'kernel-memory', 'storage-opt', 'use-api-socket'),
};

const LETTERS: Readonly<Record<string, string>> = {
  ...{ a: 'attach', c: 'cpu-shares', d: 'detach', e: 'env', h: 'hostname', i: 'interactive', l: 'label', m: 'memory' },
  ...{ p: 'publish', P: 'publish-all', q: 'quiet', t: 'tty', u: 'user', v: 'volume', w: 'workdir' },
};

/**
 * What to say of a flag that a step doesn't have, if docker has it: `-p is docker's --publish, and comes in step 5`.
 *
 * @param flag - as it was given: `-p`, `--publish`
 */
export function whereItComes(flag: string): string | undefined {
  const letter = flag.startsWith('--') ? undefined : flag.slice(1);
  const name = letter === undefined ? flag.slice(2) : Object.hasOwn(LETTERS, letter) ? LETTERS[letter] : undefined;
  if (name === undefined || !Object.hasOwn(COMES, name)) return undefined;
  const where = COMES[name];
  const what = letter === undefined ? `${flag} is a flag of docker's` : `${flag} is docker's --${name}`;
  if (where === NEVER) return `${what}, and no step of this course has it`;
  return `${what}, and comes in ${typeof where === 'number' ? `step ${where}` : where}`;
}

function all<Where>(where: Where, ...names: string[]): Record<string, Where> {
  return Object.fromEntries(names.map((name) => [name, where]));
}
