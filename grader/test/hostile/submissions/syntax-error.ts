// whole file: is no TypeScript
// told: SyntaxError|Expected|Unexpected|threw
export function quota( {
