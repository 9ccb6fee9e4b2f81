// whole file: throws what is no error
// told: thrown|undefined
throw undefined;
