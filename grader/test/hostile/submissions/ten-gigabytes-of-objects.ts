// fills the heap
// told: memory
const all: unknown[] = [];
for (;;) all.push(new Array(1_000_000).fill(all.length));
