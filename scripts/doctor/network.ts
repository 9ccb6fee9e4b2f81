import { type Check, ok, type Result, warning } from './check.ts';
import { enter } from './namespaces.ts';
import { install, installed, isRoot, run } from './system.ts';

export const networkChecks: Check[] = [
  { name: 'ip', run: ip },
  { name: 'nft', run: nft },
];

/** Makes the devices of step 5 in a network namespace that goes away with them. */
async function ip(): Promise<Result> {
  if (!installed('ip')) return warning('missing', 'no network in step 5', install('iproute2', 'iproute'));
  const script = 'ip link add box0 type veth peer name box1 && ip link add box2 type bridge';
  return tried('makes veth pairs and bridges', 'step 5', await run([...enter, '--net', 'sh', '-c', script]));
}

/** Lists the rules of a fresh network namespace: the kernel's half of nftables has to be there, too. */
async function nft(): Promise<Result> {
  if (!installed('nft')) return warning('missing', 'no NAT and no published ports in step 5', install('nftables'));
  return tried('talks to the kernel', 'step 5', await run([...enter, '--net', 'nft', 'list', 'ruleset']));
}

function tried(able: string, need: string, { ok: worked, output }: { ok: boolean; output: string }): Result {
  if (worked) return ok(able);
  if (!isRoot) return warning('installed', 'not tried: that takes root here', 'sudo ./boxstep doctor');
  return warning(output, `installed, but ${need} can't use it here`);
}
