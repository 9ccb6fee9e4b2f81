// A range of the host's to one port is published port by port: all of them lead there.
const { hostIp, host, inside, protocol } = partsOf(text);
const [first, last] = parsePorts(inside);
const [hostFirst, hostLast] = host === '' ? [0, 0] : parsePorts(host);
if (host !== '' && first < last && hostLast - hostFirst !== last - first) throw new Error(`invalid port "${text}"`);
if (first === last && hostFirst < hostLast) {
  return Array.from({ length: hostLast - hostFirst + 1 }, (_, nth) => {
    return { hostIp, hostPort: hostFirst + nth, containerPort: first, protocol };
  });
}
return Array.from({ length: last - first + 1 }, (_, nth) => {
  const hostPort = host === '' ? undefined : hostFirst + nth || undefined;
  return { hostIp, hostPort, containerPort: first + nth, protocol };
});
