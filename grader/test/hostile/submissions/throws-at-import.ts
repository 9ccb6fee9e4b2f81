// whole file: throws as it is loaded
// told: no luck
throw new Error('no luck');
