import { isIP } from 'node:net';

/** What docker's client says of a flag's value that it can't read. */
type Fault = (value: string) => string;

/** The same, by what is known of it; undefined where docker leaves it to its daemon. */
type Judgement = (value: string, message: string) => string | undefined;

const size: Fault = (value) => `invalid size: '${value}'`;
const number: Fault = (value) => `strconv.ParseInt: parsing ${JSON.stringify(value)}: ${whyNoNumber(value)}`;
const short: Fault = (value) => `strconv.ParseUint: parsing ${JSON.stringify(value)}: ${whyNoNumber(value)}`;

const NO_TARGET = 'field Target must not be empty';

const FAULTS: Readonly<Record<string, (value: string, message: string) => string>> = {
  memory: size,
  'memory-reservation': size,
  'memory-swap': size,
  'shm-size': size,
  'cpu-period': number,
  'cpu-quota': number,
  'cpu-rt-period': number,
  'cpu-rt-runtime': number,
  'cpu-shares': number,
  'gw-priority': number,
  'health-retries': number,
  last: number,
  limit: number,
  'memory-swappiness': number,
  'pids-limit': number,
  'stop-timeout': number,
  time: number,
  timeout: number,
  'blkio-weight': short,
  cpus: (value) =>
    /^[+-]?[\d.]+$/.test(value) ? 'value is too precise' : `failed to parse ${value} as a rational number`,
  'add-host': (value) => {
    const [, name, address] = /^([^:=]*)[:=](.*)$/s.exec(value) ?? [];
    return name
      ? `invalid IP address in add-host: ${JSON.stringify(address)}`
      : `bad format for add-host: ${JSON.stringify(value)}`;
  },
  'device-read-bps': (value) => throttle(value, BYTES),
  'device-read-iops': (value) => throttle(value, OPERATIONS),
  'device-write-bps': (value) => throttle(value, BYTES),
  'device-write-iops': (value) => throttle(value, OPERATIONS),
  'device-cgroup-rule': (value) => `invalid device cgroup format '${value}'`,
  dns: (value) => `IP address is not correctly formatted: ${value}`,
  'dns-search': (value) => `${value} is not a valid domain`,
  mount: (_, message) => (message.endsWith(NO_TARGET) ? 'target is required' : message),
  env: (value) => `invalid environment variable: ${value}`,
  sysctl: (value) => `sysctl '${value}' is not allowed`,
  ulimit,
};

/** Those of which docker's client names neither flag nor value. */
const BARE: Readonly<Record<string, Judgement>> = {
  // What doesn't fit together is for the daemon to say.
  mount: (_, message) =>
    message.startsWith('invalid mount config for type') && !message.endsWith(NO_TARGET) ? message : undefined,
  ip: (value) => `invalid IPv4 address: ${value}`,
  ip6: (value) => `invalid IPv6 address: ${value}`,
  expose: (value) =>
    `invalid range format for --expose: ${value}, error: ${short(value.split('/')[0]?.split('-')[0] ?? '')}`,
  'oom-score-adj': (value) =>
    isNumber(value)
      ? `Invalid value ${value}, range for oom score adj is [-1000, 1000]`
      : `invalid argument ${JSON.stringify(value)} for "--oom-score-adj" flag: ${number(value)}`,
  publish,
  device: (value, message) => (message.startsWith('invalid device ') ? device(value) : undefined),
  volume: (value) => {
    const parts = value.split(':');
    if (value === '') return 'invalid empty volume spec';
    if (parts.includes('')) return `invalid spec: ${value}: empty section between colons`;
    return parts.length > 3 ? `invalid spec: ${value}: too many colons` : undefined;
  },
};

/**
 * The sentence with which docker refuses a flag's value, for a flag that it reads itself and doesn't leave to its daemon.
 *
 * @param flag - its long name without dashes
 * @param names - as docker shows them: `-m, --memory`
 * @param message - what is known of it
 * @returns undefined if docker has no such words of its own
 */
export function faultOf(flag: string, names: string, value: string, message: string): string | undefined {
  const bare = Object.hasOwn(BARE, flag) ? BARE[flag] : undefined;
  const said = bare?.(value, message);
  if (said !== undefined) return said;
  const fault = Object.hasOwn(FAULTS, flag) ? FAULTS[flag] : undefined;
  return fault && `invalid argument ${JSON.stringify(value)} for "${names}" flag: ${fault(value, message)}`;
}

function whyNoNumber(value: string): string {
  return isNumber(value) ? 'value out of range' : 'invalid syntax';
}

function isNumber(value: string): boolean {
  return /^[+-]?\d+$/.test(value);
}

/** Which part of `--device`'s value is wrong. */
function device(value: string): string {
  const [, , mode, ...more] = value.split(':');
  return mode === undefined || more.length > 0 ? `bad format for path: ${value}` : `bad mode specified: ${mode}`;
}

const BYTES =
  '<device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb';
const OPERATIONS = '<device-path>:<number>. Number must be a positive integer';

/** Which part of `--device-read-bps`'s value is wrong, and of those like it. */
function throttle(value: string, format: string): string {
  const parts = value.split(':');
  if (parts.length !== 2) return `bad format: ${value}`;
  if (!value.startsWith('/dev/')) return `bad format for device path: ${value}`;
  return `invalid rate for device: ${value}. The correct format is ${format}`;
}

/** As docker's go-units: the parts of `nofile=512:1024` in the order in which it looks at them. */
function ulimit(value: string): string {
  const [, name = '', limits] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
  if (limits === undefined) return `invalid ulimit argument: ${value}`;
  const [soft = '', hard = soft, ...more] = limits.split(':');
  const wrong = [hard, soft].find((one) => !isNumber(one));
  if (!ULIMITS.has(name)) return `invalid ulimit type: ${name}`;
  if (more.length > 0) return `too many limit value arguments - ${limits}, can only have up to two, \`soft[:hard]\``;
  if (wrong !== undefined) return number(wrong);
  return `ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`;
}

const ULIMITS = new Set([
  ...['core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile', 'nproc'],
  ...['rss', 'rtprio', 'rttime', 'sigpending', 'stack'],
]);

/** Which part of `-p`'s value is wrong: docker looks at the address, the container's ports, the host's, and the protocol. */
function publish(value: string): string {
  const parts = value.split(':');
  const [last = '', host = '', address = ''] = [parts.pop(), parts.pop(), parts.join(':')];
  const [inside = '', protocol = 'tcp'] = last.split('/');
  if (inside === '') return `no port specified: ${value}<empty>`;
  if (!isRange(inside)) return `invalid containerPort: ${inside}`;
  if (host !== '' && !isRange(host)) return `invalid hostPort: ${host}`;
  if (!['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase())) return `invalid proto: ${protocol}`;
  if (address !== '' && isIP(address.replace(/^\[(.*)\]$/, '$1')) === 0) return `invalid IP address: ${address}`;
  return `invalid ranges specified for container and host Ports: ${inside} and ${host}`;
}

function isRange(text: string): boolean {
  const [first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text)?.slice(1).filter(Boolean).map(Number) ?? [];
  return first !== undefined && last !== undefined && first <= last && last <= 65_535;
}
