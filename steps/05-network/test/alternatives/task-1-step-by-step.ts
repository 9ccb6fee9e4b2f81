// One question after another.
const whole = block(cidr);
const offset = offsetIn(whole, address);
if (offset === undefined || offset === 0n) return false;
if (offset === offsetIn(whole, gateway)) return false;
return whole.bits === 128 || offset < size(whole) - 1n;
