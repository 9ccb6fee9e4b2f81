// First IPv4, then IPv6.
const of = (six: boolean) => addresses.map(({ address }) => address).filter((one) => one.includes(':') === six);
const rule = (what: string, { protocol, hostPort }: PublishedPort, to: string) => `${what} ${protocol} dport ${hostPort} dnat ${to}`;
const four = of(false).flatMap((address) =>
  ports
    .filter(({ hostIp }) => !hostIp.includes(':'))
    .map((one) => {
      const isOne = one.hostIp !== '' && one.hostIp !== '0.0.0.0';
      return rule(isOne ? `ip daddr ${one.hostIp}` : 'fib daddr type local', one, `ip to ${address}:${one.containerPort}`);
    }),
);
const six = of(true).flatMap((address) =>
  ports
    .filter(({ hostIp }) => hostIp === '' || hostIp.includes(':'))
    .map((one) => {
      const isOne = one.hostIp !== '' && one.hostIp !== '::';
      const what = isOne ? `ip6 daddr ${one.hostIp}` : 'ip6 daddr != ::1 fib daddr type local';
      return rule(what, one, `ip6 to [${address}]:${one.containerPort}`);
    }),
);
const chain = (hook: string) => [`type nat hook ${hook} priority -100`, ...four, ...six];
return { family: 'inet', name, chains: { 'from-elsewhere': chain('prerouting'), 'from-here': chain('output') } };
