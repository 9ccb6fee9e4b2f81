// The straight line between the ends, which runtimes had until 2025: 1024 shares become 39.
return 1 + Math.floor(((Math.min(Math.max(shares, 2), 262_144) - 2) * 9999) / 262_142);
