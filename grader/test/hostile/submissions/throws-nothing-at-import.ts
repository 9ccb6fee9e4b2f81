// whole file: throws what is no error
// told: threw|undefined
throw undefined;
