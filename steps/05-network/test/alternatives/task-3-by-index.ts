// Interfaces by their indexes, as other messages name them: lo is 1 in every network namespace.
const up = (index: number) => ({
  type: 'RTM_SETLINK' as const,
  flags: [],
  header: { ifi_index: index, ifi_flags: 1, ifi_change: 1 },
  attributes: {},
});
return tell([
  up(1),
  ...endpoints.map(({ device }) => up(device.index)),
  ...endpoints.flatMap(({ device, addresses }) => addresses.map((one) => newAddress(device, one.address, one.prefix))),
  ...endpoints.flatMap(({ device, addresses, isDefault }) =>
    addresses.filter(() => isDefault).map(({ gateway }) => defaultRoute(gateway, device)),
  ),
]);
