import { execa } from 'execa';
import { defaultRootfsPath } from 'step-04';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { boxstep, leftovers, says } from '../../../test/boxstep.ts';
import { type Host, withHost } from '../../../test/host.ts';
import { needs } from '../../../test/needs.ts';
import { processesIn } from '../../../test/processes.ts';

beforeEach(needs('root', 'nft', 'ip', 'busybox'));

let host: Host;
let outside: Host;
withHost(async (made) => {
  host = made;
  outside = await host.neighbour();
});

/** Step 5's commands in one section of a plan, as they stand there, here-documents included. */
function commands(plan: string, section: string): string {
  const lines = plan
    .slice(plan.indexOf(`${section}\n`))
    .split('\n')
    .slice(1);
  const end = lines.findIndex((line) => /^(host|setup|enter|exec)\b.*[a-z]$/.test(line));
  const all = lines.slice(0, end === -1 ? undefined : end).join('\n');
  return all
    .split(/^ {2}step-/m)
    .filter((command) => command.startsWith('05  '))
    .map((command) => command.slice(4))
    .join('');
}

/** What the container's process tells the kernel of its end, as `ip` commands. */
function ownCommands(plan: string): string[] {
  return [...plan.matchAll(/# tell the kernel: (.*)$/gm)].map(([, command = '']) => command);
}

test('the commands of a plan, typed by hand, plug a process in, publish its port, and undo it all', {
  tags: ['once'],
}, async () => {
  const planned = await boxstep('5', 'plan', '--name', 'web', '-p', '8080:80', defaultRootfsPath(), 'httpd');
  const plan = String(planned.stdout);
  const words = ['unshare', '--net', 'sh', '-c', 'echo up; exec sleep infinity'];
  const holder = execa('nsenter', [`--net=/proc/${host.pid}/ns/net`, ...words], { reject: false, all: true });
  await says(holder); // it has a network namespace now
  const pid = holder.pid as number;
  onTestFinished(async () => {
    for (const one of processesIn('net', pid)) process.kill(one, 'SIGKILL');
    await holder;
  });
  const inside = `nsenter --net=/proc/${pid}/ns/net`;

  await host.sh(commands(plan, 'host, before there is a process'));
  await host.sh(`pid=${pid}\n${commands(plan, 'host, while the process waits at the gate')}`);
  await host.sh(
    ownCommands(plan)
      .map((command) => `${inside} ${command}`)
      .join('\n'),
  );
  await host.sh(`${inside} busybox httpd -p 80 -h ${defaultRootfsPath()}/etc`);

  const get = (address: string) =>
    `printf 'GET /hostname HTTP/1.0\\r\\n\\r\\n' | busybox nc -w 2 ${address} 8080 | head -n 1 || true`;
  expect(await outside.sh(get('10.99.0.1'))).toContain('200 OK');
  expect(await host.sh(get('127.0.0.1'))).toContain('200 OK');
  expect(await host.sh(`${inside} busybox ping -c1 -W1 10.99.0.2`)).toContain('1 packets received');

  // It hasn't ended yet: if it had, the kernel would remove the cable with the network namespace, sooner or later.
  await host.sh(commands(plan, 'host, when the process has ended'));
  expect(await host.sh('ip -br link; nft list tables')).not.toMatch(/boxstep|veth/);
  expect(leftovers('none')).toEqual([]);
});
