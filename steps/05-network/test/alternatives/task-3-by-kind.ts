// First all interfaces, then all addresses, then the routes.
const ups = ['lo', ...endpoints.map(({ device }) => device.name)].map((name) => linkUp(name));
const addresses = endpoints.flatMap((one) =>
  one.addresses.map(({ address, prefix }) => newAddress(one.device, address, prefix)),
);
const routes = endpoints
  .filter(({ isDefault }) => isDefault)
  .flatMap((one) => one.addresses.map(({ gateway }) => defaultRoute(gateway, one.device)));
return tell([...ups, ...addresses, ...routes]);
