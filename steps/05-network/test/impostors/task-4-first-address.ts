// Only the container's first address is led to.
const rules = ports.flatMap(({ hostIp, hostPort, containerPort, protocol }) =>
  addresses.slice(0, 1).flatMap(({ address }) => {
    const isSix = address.includes(':');
    if (hostIp !== '' && hostIp.includes(':') !== isSix) return [];
    const [ip, here, to] = isSix ? ['ip6', 'ip6 daddr != ::1', `[${address}]`] : ['ip', 'meta nfproto ipv4', address];
    const isAny = ['', '0.0.0.0', '::'].includes(hostIp);
    const host = isAny ? `${here} fib daddr type local` : `${ip} daddr ${hostIp}`;
    return [`${host} ${protocol} dport ${hostPort} dnat ${ip} to ${to}:${containerPort}`];
  }),
);
return {
  family: 'inet',
  name,
  chains: {
    prerouting: ['type nat hook prerouting priority -100', ...rules],
    output: ['type nat hook output priority -100', ...rules],
  },
};
