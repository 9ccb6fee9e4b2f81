// An interface begins as it is made: down.
return tell([
  linkUp('lo'),
  ...endpoints.flatMap(({ device, addresses, isDefault }) => [
    ...addresses.map(({ address, prefix }) => newAddress(device, address, prefix)),
    ...(isDefault ? addresses.map(({ gateway }) => defaultRoute(gateway, device)) : []),
  ]),
]);
