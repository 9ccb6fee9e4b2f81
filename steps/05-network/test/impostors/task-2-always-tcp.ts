// The protocol is forgotten.
const { hostIp, host, inside, protocol: given } = partsOf(text);
const [first, last] = parsePorts(inside);
const [hostFirst, hostLast] = host === '' ? [0, 0] : parsePorts(host);
const protocol = given === 'tcp' ? given : 'tcp';
if (host !== '' && first < last && hostLast - hostFirst !== last - first) throw new Error(`invalid port "${text}"`);
if (first === last && hostFirst < hostLast) {
  return [{ hostIp, hostPort: undefined, hostPorts: [hostFirst, hostLast], containerPort: first, protocol }];
}
return Array.from({ length: last - first + 1 }, (_, nth) => {
  const hostPort = host === '' ? undefined : hostFirst + nth || undefined;
  return { hostIp, hostPort, containerPort: first + nth, protocol };
});
