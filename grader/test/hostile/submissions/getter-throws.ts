// returns an object with a property that throws when it is read
// told: threw|plain values
return { get value() { throw new Error('look elsewhere'); } };
