// whole file: is no TypeScript
// told: SyntaxError|Expected|Unexpected|thrown
export function quota( {
