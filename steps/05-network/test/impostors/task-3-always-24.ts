// The prefix is always 24: who is further away in the subnet is asked by the gateway.
return tell([
  linkUp('lo'),
  ...endpoints.flatMap(({ device, addresses, isDefault }) => [
    linkUp(device.name),
    ...addresses.map(({ address, prefix }) => newAddress(device, address, prefix > 32 ? prefix : 24)),
    ...(isDefault ? addresses.map(({ gateway }) => defaultRoute(gateway, device)) : []),
  ]),
]);
