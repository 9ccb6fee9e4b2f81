// calls home
// told: tried to use the network|threw|EPERM
const socket = process.getBuiltinModule('node:net').connect(80, '127.0.0.1');
throw new Error(String(socket));
