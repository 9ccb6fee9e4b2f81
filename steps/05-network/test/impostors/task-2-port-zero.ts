// 0 is taken for a port, where it means any that is free.
const { hostIp, host, inside, protocol } = partsOf(text);
const [first, last] = parsePorts(inside);
const [hostFirst, hostLast] = host === '' ? [0, 0] : parsePorts(host);
if (host !== '' && first < last && hostLast - hostFirst !== last - first) throw new Error(`invalid port "${text}"`);
if (first === last && hostFirst < hostLast) {
  return [{ hostIp, hostPort: undefined, hostPorts: [hostFirst, hostLast], containerPort: first, protocol }];
}
return Array.from({ length: last - first + 1 }, (_, nth) => {
  const hostPort = host === '' ? undefined : hostFirst + nth;
  return { hostIp, hostPort, containerPort: first + nth, protocol };
});
