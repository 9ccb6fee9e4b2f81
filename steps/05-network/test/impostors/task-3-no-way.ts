// No default route: the container knows its neighbours, and nobody else.
return tell([
  linkUp('lo'),
  ...endpoints.flatMap(({ device, addresses }) => [
    linkUp(device.name),
    ...addresses.map(({ address, prefix }) => newAddress(device, address, prefix)),
  ]),
]);
