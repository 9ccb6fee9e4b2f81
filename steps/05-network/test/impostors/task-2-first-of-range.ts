// Of a range to a single port the first is taken, where any that is free would do.
const { hostIp, host, inside, protocol } = partsOf(text);
const [first, last] = parsePorts(inside);
const [hostFirst, hostLast] = host === '' ? [0, 0] : parsePorts(host);
if (host !== '' && first < last && hostLast - hostFirst !== last - first) throw new Error(`invalid port "${text}"`);
return Array.from({ length: last - first + 1 }, (_, nth) => {
  const hostPort = host === '' ? undefined : hostFirst + nth || undefined;
  return { hostIp, hostPort, containerPort: first + nth, protocol };
});
