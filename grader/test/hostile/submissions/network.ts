// calls home
// told: expected
const socket = process.getBuiltinModule('node:net').connect(80, '127.0.0.1');
return socket ? -1 : -2;
