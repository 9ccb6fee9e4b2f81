// returns a proxy that throws whatever is done to it
// told: plain values|thrown
const throws = () => { throw new Error('hands off'); };
return new Proxy({}, { get: throws, has: throws, ownKeys: throws, getPrototypeOf: throws, getOwnPropertyDescriptor: throws });
