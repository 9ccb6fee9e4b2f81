// A loop, and a return for ::1.
const rules: string[] = ['ip6 daddr ::1 return'];
for (const { address } of addresses) {
  const six = address.includes(':');
  for (const { hostIp, hostPort, containerPort, protocol } of ports) {
    if (hostIp !== '' && six !== hostIp.includes(':')) continue;
    const ip = six ? 'ip6' : 'ip';
    const whose = hostIp === '' || hostIp === '::' || hostIp === '0.0.0.0' ? 'fib daddr type local' : `${ip} daddr ${hostIp}`;
    const to = six ? `[${address}]` : address;
    rules.push(`meta nfproto ${six ? 'ipv6' : 'ipv4'} ${whose} ${protocol} dport ${hostPort} dnat ${ip} to ${to}:${containerPort}`);
  }
}
const chains: Record<string, string[]> = {};
for (const hook of ['output', 'prerouting']) chains[hook] = [`type nat hook ${hook} priority -101; policy accept`, ...rules];
return { family: 'inet', name, chains };
