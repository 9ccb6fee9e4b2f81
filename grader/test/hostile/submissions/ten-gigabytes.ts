// wants 10 GB of memory
// told: memory
const all = [];
for (let i = 0; i < 100; i += 1) all.push(Buffer.alloc(100_000_000, 1));
return all.length;
