// Any error is stepped over.
const calls = tell([
  linkUp('lo'),
  ...endpoints.flatMap(({ device, addresses, isDefault }) => [
    linkUp(device.name),
    ...addresses.map(({ address, prefix }) => newAddress(device, address, prefix)),
    ...(isDefault ? addresses.map(({ gateway }) => defaultRoute(gateway, device)) : []),
  ]),
]);
for (const call of calls) Object.assign(call, { tolerates: 'any' });
return calls;
