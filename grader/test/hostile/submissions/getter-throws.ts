// returns an object with a property that throws when it is read
// told: thrown|plain values
return { get value() { throw new Error('look elsewhere'); } };
