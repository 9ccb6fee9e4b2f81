// Ranges of different lengths: those that are left over are forgotten, instead of an error.
const { hostIp, host, inside, protocol } = partsOf(text);
const [first, last] = parsePorts(inside);
const [hostFirst, hostLast] = host === '' ? [0, 0] : parsePorts(host);
if (first === last && hostFirst < hostLast) {
  return [{ hostIp, hostPort: undefined, hostPorts: [hostFirst, hostLast], containerPort: first, protocol }];
}
return Array.from({ length: host === '' ? last - first + 1 : Math.min(last - first, hostLast - hostFirst) + 1 }, (_, nth) => {
  const hostPort = host === '' ? undefined : hostFirst + nth || undefined;
  return { hostIp, hostPort, containerPort: first + nth, protocol };
});
