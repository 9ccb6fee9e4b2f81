// returns an object with a property that takes for ever to be read
// told: did not end in
return { get value() { for (;;) {} } };
