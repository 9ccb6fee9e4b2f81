// The gateway's address is taken, instead of the container's own.
return tell([
  linkUp('lo'),
  ...endpoints.flatMap(({ device, addresses, isDefault }) => [
    linkUp(device.name),
    ...addresses.map(({ gateway, prefix }) => newAddress(device, gateway, prefix)),
    ...(isDefault ? addresses.map(({ gateway }) => defaultRoute(gateway, device)) : []),
  ]),
]);
