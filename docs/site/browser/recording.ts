/** The terminal of the first page plays what was recorded: a command is typed, then its output comes. It is text all the time. */
export function recording(): void {
  const terminal = document.querySelector<HTMLElement>('.lead .transcript');
  if (!terminal || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'play';
  button.textContent = 'Play';
  button.addEventListener('click', () => play(terminal, button));
  terminal.append(button);
  play(terminal, button);
}

const A_KEY = 25; // ms
const AN_ANSWER = 300; // ms

async function play(terminal: HTMLElement, button: HTMLButtonElement): Promise<void> {
  const parts = [...terminal.querySelectorAll<HTMLElement>('.prompt, kbd, samp')];
  button.disabled = true;
  for (const part of parts) part.classList.add('to-come');
  for (const part of parts) {
    part.classList.remove('to-come');
    if (part.tagName === 'KBD') await typed(part);
    if (part.tagName === 'SAMP') await new Promise((done) => setTimeout(done, AN_ANSWER));
  }
  button.disabled = false;
}

async function typed(command: HTMLElement): Promise<void> {
  const keys = command.textContent?.length ?? 0;
  command.classList.add('is-typed');
  const hidden = { clipPath: 'inset(0 100% 0 0)' };
  await command.animate([hidden, { clipPath: 'inset(0)' }], { duration: keys * A_KEY, easing: `steps(${keys})` })
    .finished;
  command.classList.remove('is-typed');
}
