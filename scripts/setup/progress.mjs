/**
 * One line on stderr that says what takes long; on a terminal it is followed by pnpm's newest line and the seconds.
 * @param {string} title
 */
export function showProgress(title, stream = process.stderr) {
  stream.write(`${title}\n`);
  if (!stream.isTTY) return { show() {}, end() {} };

  const started = Date.now();
  let newest = '';
  const draw = () => {
    const line = `  ${Math.floor((Date.now() - started) / 1000)} s  ${newest}`;
    stream.write(`\r\x1b[K${line.slice(0, (stream.columns || 80) - 1)}`);
  };
  const timer = setInterval(draw, 250);
  return {
    show(text) {
      newest = text.trim().split('\n').at(-1) || newest;
    },
    end() {
      clearInterval(timer);
      stream.write('\r\x1b[K');
    },
  };
}
