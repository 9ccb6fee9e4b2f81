// Only the first address is set: of a network with IPv6, that is missing.
return tell([
  linkUp('lo'),
  ...endpoints.flatMap(({ device, addresses, isDefault }) => [
    linkUp(device.name),
    ...addresses.slice(0, 1).map(({ address, prefix }) => newAddress(device, address, prefix)),
    ...(isDefault ? addresses.slice(0, 1).map(({ gateway }) => defaultRoute(gateway, device)) : []),
  ]),
]);
