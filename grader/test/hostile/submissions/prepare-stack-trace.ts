// makes stack traces take for ever
// told: did not end in
Error.prepareStackTrace = () => { for (;;) {} };
return new Error('x').stack;
