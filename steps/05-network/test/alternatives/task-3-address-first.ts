// The address is there before the interface is up: the way to the subnet comes with that.
const messages = [linkUp('lo')];
for (const { device, addresses, isDefault } of endpoints) {
  const six = addresses.filter(({ address }) => address.includes(':'));
  for (const one of addresses) if (!six.includes(one)) messages.push(newAddress(device, one.address, one.prefix));
  messages.push(linkUp(device.name));
  for (const { address, prefix } of six) messages.push(newAddress(device, address, prefix));
  if (isDefault) messages.push(...addresses.map(({ gateway }) => defaultRoute(gateway, device)));
}
return tell(messages);
