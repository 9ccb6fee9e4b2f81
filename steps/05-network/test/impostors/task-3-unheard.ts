// What the kernel answers is not looked at: a container without its network runs.
const calls = tell([
  linkUp('lo'),
  ...endpoints.flatMap(({ device, addresses, isDefault }) => [
    linkUp(device.name),
    ...addresses.map(({ address, prefix }) => newAddress(device, address, prefix)),
    ...(isDefault ? addresses.map(({ gateway }) => defaultRoute(gateway, device)) : []),
  ]),
]);
return calls.filter(({ name }) => name !== 'recvfrom');
