// Each network gives a default route: the second is refused, or the wrong one is taken.
return tell([
  linkUp('lo'),
  ...endpoints.flatMap(({ device, addresses }) => [
    linkUp(device.name),
    ...addresses.map(({ address, prefix }) => newAddress(device, address, prefix)),
    ...addresses.map(({ gateway }) => defaultRoute(gateway, device)),
  ]),
]);
