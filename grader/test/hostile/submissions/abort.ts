// has the process dump its core
// told: ended because memory ran out, its stack was too deep, or it called process.abort
process.abort();
