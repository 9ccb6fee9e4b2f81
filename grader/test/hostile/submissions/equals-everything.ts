// returns an object that says to vitest that it is equal to everything
// told: plain values
return { $$typeof: Symbol.for('jest.asymmetricMatcher'), asymmetricMatch: () => true, toString: () => 'anything' };
