// Pairs of ports.
const { hostIp, host, inside, protocol } = partsOf(text);
const [first, last] = parsePorts(inside);
const [hostFirst, hostLast] = host === '' ? [0, 0] : parsePorts(host);
if (hostLast > hostFirst && first === last) return [{ protocol, containerPort: last, hostPorts: [hostFirst, hostLast], hostPort: undefined, hostIp }];
const count = last - first;
if (host && count > 0 && count !== hostLast - hostFirst) throw new RangeError(text);
const pairs = new Map<number, number>();
for (let nth = 0; nth <= count; nth++) pairs.set(first + nth, host ? hostFirst + nth : 0);
return [...pairs].map(([containerPort, from]) => ({ hostIp, hostPort: from > 0 ? from : undefined, containerPort, protocol }));
