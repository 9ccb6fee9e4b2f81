// takes the inside of Node
// told: tried to load native code|process.binding
return Object.keys((process as any).binding('spawn_sync'));
