// whole file: waits at its top level for a promise that nobody keeps
// told: never got to its end
await new Promise(() => {});
