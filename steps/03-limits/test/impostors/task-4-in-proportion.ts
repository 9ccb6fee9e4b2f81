// A hundredth of 1024 shares is taken for the unit: right in the middle, and at no other place.
return Math.min(Math.max(Math.round((shares * 100) / 1024), 1), 10_000);
