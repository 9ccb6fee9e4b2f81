// The route comes before the address, so that nobody knows yet where the gateway is: ENETUNREACH.
return tell([
  linkUp('lo'),
  ...endpoints.flatMap(({ device, addresses, isDefault }) => [
    linkUp(device.name),
    ...(isDefault ? addresses.map(({ gateway }) => defaultRoute(gateway, device)) : []),
    ...addresses.map(({ address, prefix }) => newAddress(device, address, prefix)),
  ]),
]);
