// One port of the host's to a range: the ports after it are taken without being asked for.
const { hostIp, host, inside, protocol } = partsOf(text);
const [first, last] = parsePorts(inside);
const [hostFirst, hostLast] = host === '' ? [0, 0] : parsePorts(host);
if (host !== '' && hostFirst < hostLast && first < last && hostLast - hostFirst !== last - first) throw new Error(text);
if (first === last && hostFirst < hostLast) {
  return [{ hostIp, hostPort: undefined, hostPorts: [hostFirst, hostLast], containerPort: first, protocol }];
}
return Array.from({ length: last - first + 1 }, (_, nth) => {
  const hostPort = host === '' ? undefined : hostFirst + nth || undefined;
  return { hostIp, hostPort, containerPort: first + nth, protocol };
});
