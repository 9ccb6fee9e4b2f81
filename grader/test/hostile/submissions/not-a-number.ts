// returns NaN
// told: expected NaN
return Number.NaN;
