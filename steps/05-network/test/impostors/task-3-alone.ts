// An address with no subnet around it: there is no neighbour, and so no gateway.
return tell([
  linkUp('lo'),
  ...endpoints.flatMap(({ device, addresses, isDefault }) => [
    linkUp(device.name),
    ...addresses.map(({ address }) => newAddress(device, address, address.includes(':') ? 128 : 32)),
    ...(isDefault ? addresses.map(({ gateway }) => defaultRoute(gateway, device)) : []),
  ]),
]);
