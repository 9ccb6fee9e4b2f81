// throws a message that clears the screen, ends a table and a page, and is written backwards
// told: thrown
throw new Error('\u001b[2J\u001b]0;owned\u0007\u009b31m</details></pre>```\n|x|<script>alert(1)</script>\u202eevil\u0000');
