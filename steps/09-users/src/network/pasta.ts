import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { MNT_DETACH, MS_BIND, mount, perform, pidfdSendSignal, signalNumber, tolerate, umount2 } from 'shared-native';
import { newDeed, PID, type PublishedPort, releasePorts, shellLine } from 'step-08';
import { pidfdOf, whenEnded } from '../pidfd.ts';
import { programOrName } from '../rootless/program.ts';

/** What pasta is started with. */
interface Pasta {
  /** Files beside the container's others: one to mount its network namespace on, one for pasta's number. */
  readonly files: { readonly namespace: string; readonly pid: string };
  readonly argv: readonly string[];
}

// #region a way out without privileges
/**
 * The command line of pasta(1). It makes an interface in the container's network namespace, as root of the user namespace
 * may, and moves what comes out of it over sockets of its own, as any program may: so outside it's the user who connects.
 *
 * @param ports - each with a port of the host's
 */
export function pastaLine(namespace: string, pidFile: string, ports: readonly PublishedPort[]): string[] {
  const of = (wanted: string) => ports.filter(({ protocol }) => protocol === wanted).map(pastaPort);
  const listen = (flag: string, specs: string[]) => (specs.length > 0 ? specs : ['none']).flatMap((one) => [flag, one]);
  return [
    ...['pasta', '--config-net', '--quiet', '--pid', pidFile, '--netns', namespace],
    ...['--no-map-gw', '-T', 'none', '-U', 'none'], // nothing leads from inside to the host's own loopback
    ...listen('-t', of('tcp')),
    ...listen('-u', of('udp')),
  ];
}

/** `127.0.0.1/8080:80`; without an address, all of the host's. */
function pastaPort({ hostIp, hostPort, containerPort }: PublishedPort): string {
  const address = ['', '0.0.0.0'].includes(hostIp) ? '' : `${hostIp}/`;
  return `${address}${hostPort}:${containerPort}`;
}
// #endregion

/**
 * Starts pasta. Of a process with more capabilities than its own it may open nothing in /proc: so the namespace is mounted on a
 * file, in this command's own mount namespace, which pasta is born into. It goes on by itself when the interface is there.
 */
export const startPasta = newDeed<Pasta>('start-pasta', {
  asShell: ({ files, argv }) =>
    `touch ${files.namespace}; mount --bind /proc/${PID}/ns/net ${files.namespace}; ${shellLine(argv)}`,
  carryOut({ files, argv: [program = '', ...args] }, pid) {
    releasePorts(); // they were kept until now, so that the ones that were chosen are still free
    closeSync(openSync(files.namespace, 'a', 0o600));
    perform(mount(`/proc/${pid}/ns/net`, files.namespace, null, MS_BIND));
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    const { error, status, stderr } = spawnSync(programOrName(program), args, {
      argv0: program,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    if (error) throw error;
    if (status !== 0) throw new Error(lastLine(stderr) || `it ended with status ${status}`);
  },
});

/**
 * Ends pasta: an old one goes on when the namespace is gone. Fine if it has ended by itself. It is waited for: as long as it
 * lives it has its ports, and a container that is restarted wants them again.
 */
export const endPasta = newDeed<Pasta['files']>('end-pasta', {
  asShell: ({ namespace, pid }) => `kill $(cat ${pid}); umount -l ${namespace}`,
  async carryOut({ namespace, pid }) {
    const number = existsSync(pid) ? Number(readFileSync(pid, 'utf8')) : 0;
    if (number > 0) await endProcess(number, pid);
    perform(tolerate(umount2(namespace, MNT_DETACH), 'any')); // of a command that has ended, it went with it
    rmSync(namespace, { force: true });
  },
});

/** Milliseconds after which it is killed if it hasn't ended. */
const LONGEST = 2000;

/** Ends pasta, and waits until it has ended: what it is called is gone from /proc sooner than its ports are free. */
async function endProcess(number: number, pidFile: string): Promise<void> {
  const pidfd = pidfdOf(number, () => isPasta(number, pidFile));
  if (pidfd === undefined) return;
  try {
    const send = (signal: NodeJS.Signals) => perform(tolerate(pidfdSendSignal(pidfd, signalNumber(signal)), 'ESRCH'));
    send('SIGTERM');
    await whenEnded(pidfd, AbortSignal.timeout(LONGEST));
    send('SIGKILL');
    await whenEnded(pidfd);
  } finally {
    closeSync(pidfd);
  }
}

/** Is this still the process that has written its number there, and no other that has the number now? */
function isPasta(number: number, pidFile: string): boolean {
  try {
    return readFileSync(`/proc/${number}/cmdline`, 'utf8').split('\0').includes(pidFile);
  } catch {
    return false;
  }
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '' && !line.includes('syslog'));
  return lines.at(-1) ?? '';
}
