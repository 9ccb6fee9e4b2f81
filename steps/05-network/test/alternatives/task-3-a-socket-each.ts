// A socket for each network, and one for lo, at the end.
return [
  ...endpoints.flatMap(({ device, addresses, isDefault }) =>
    tell([
      linkUp(device.name),
      ...addresses.flatMap(({ address, prefix, gateway }) => {
        const own = newAddress(device, address, prefix);
        return isDefault ? [own, defaultRoute(gateway, device)] : [own];
      }),
    ]),
  ),
  ...tell([linkUp('lo')]),
];
