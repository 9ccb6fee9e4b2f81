import { dropping } from '../../steps/05-network/src/publishing/firewall.ts';
import { type Check, ok, type Result, warning } from './check.ts';
import { enter } from './namespaces.ts';
import { asRoot, install, installed, isRoot, type Outcome, run } from './system.ts';

export const networkChecks: Check[] = [
  { name: 'ip', run: () => (installed('ip') ? ok('installed') : NO_IP()) },
  { name: 'veth', run: () => made('veth', ['ip', 'link', 'add', 'box0', 'type', 'veth', 'peer', 'name', 'box1']) },
  { name: 'bridge', run: () => made('bridge', ['ip', 'link', 'add', 'box2', 'type', 'bridge']) },
  { name: 'nft', run: nft },
  { name: 'nat', run: nat },
  { name: 'firewall', run: firewall },
];

const NO_IP = () => warning('missing', 'step 5 is easier to follow with it', install('iproute2', 'iproute'));

/** Makes a device of step 5 in a network namespace that goes away with it. */
async function made(kind: string, command: readonly string[]): Promise<Result> {
  if (!installed('ip')) return NO_IP();
  return tried(`${kind} can be made`, await run([...enter, '--net', ...command]), `modprobe ${kind}`);
}

/** Lists the rules of a fresh network namespace: the kernel's half of nftables has to be there, too. */
async function nft(): Promise<Result> {
  if (!installed('nft')) return warning('missing', 'no way out and no published ports in step 5', install('nftables'));
  return tried('talks to the kernel', await run([...enter, '--net', 'nft', 'list', 'ruleset']), 'modprobe nf_tables');
}

/** Makes the rules that a network has: masquerade on the way out, dnat on the way in. */
async function nat(): Promise<Result> {
  if (!installed('nft')) return warning('not tried', 'it takes nft', install('nftables'));
  const rules = `table inet box { chain out { type nat hook postrouting priority 100; masquerade; }
    chain in { type nat hook prerouting priority -100; fib daddr type local tcp dport 80 dnat ip to 192.0.2.1:80; }; }`;
  const modules = 'modprobe -a nft_masq nft_nat nft_fib_inet nft_ct';
  return tried('addresses can be translated', await run([...enter, '--net', 'nft', rules]), modules);
}

/** Looks for a firewall of somebody else's that would drop what comes from, or goes to, a container. */
async function firewall(): Promise<Result> {
  if (!installed('nft')) return warning('not looked at', 'it takes nft', install('nftables'));
  if (!isRoot) return warning('not looked at', 'that takes root', 'sudo ./boxstep doctor');
  return verdictOn(await run(['nft', 'list', 'ruleset']));
}

/** What the host's rules mean for the default network of step 5. */
export function verdictOn({ ok: worked, output }: Outcome): Result {
  if (!worked) return warning(output, 'the rules of this host can not be read');
  const [found] = dropping(output.replaceAll('; ', '\n'), 'boxstep');
  if (!found) return ok('none drops what is passed on');
  return warning(
    `${found.name} drops what is passed on`,
    'containers of step 5 reach nothing outside, and nothing reaches them',
    asRoot(found.mend),
  );
}

function tried(able: string, { ok: worked, output }: Outcome, mend: string): Result {
  if (worked) return ok(able);
  if (!isRoot) return warning('installed', 'not tried: that takes root here', 'sudo ./boxstep doctor');
  return warning(output, "step 5 can't use it here", mend);
}
