import { textOf } from '../explorer/html.ts';
import { laid } from './program.ts';
import type { Laid, Run } from './types.ts';

/** The stepper, for the page about the trampoline. Without a script it stays hidden. */
export function trampolineStepper(data: Laid = laid()): string {
  return `<section class="trampoline" data-trampoline hidden aria-labelledby="trampoline-stepper-title">
<h3 id="trampoline-stepper-title">The same bytes, one instruction at a time</h3>
<p>Below, your browser carries out the bytes for x86-64 on a program of five calls. The kernel’s answers are those of the course’s model. The arrow keys on the slider step, too.</p>
<form class="trampoline-controls"><fieldset><legend>What the kernel finds</legend>${data.runs.map(runHtml).join('')}</fieldset>
<p class="trampoline-buttons"><button type="button" data-do="back">Back</button> <button type="button" data-do="play">Play</button> <button type="button" data-do="step">Step</button> <button type="button" data-do="call">Next call</button> <input type="range" min="0" value="0" aria-label="Which instruction"></p></form>
<p class="trampoline-now"></p>
<div class="trampoline-columns">
<ol class="trampoline-code" aria-label="The code" tabindex="0">${data.code.map(instructionHtml).join('')}</ol>
<div class="trampoline-state">
<dl class="trampoline-registers" aria-label="Registers"></dl>
<table class="trampoline-record"><caption></caption><thead><tr><th scope="col">byte</th><th scope="col">field</th><th scope="col">holds</th></tr></thead><tbody></tbody></table>
<ol class="trampoline-program" aria-label="The program, with the result of each call"></ol>
</div>
</div>
<script type="application/json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
</section>`;
}

function runHtml({ title }: Run, nth: number): string {
  return `<label><input type="radio" name="trampoline-run" value="${nth}"${nth === 0 ? ' checked' : ''}> ${textOf(title)}</label> `;
}

function instructionHtml([bytes, assembly]: Laid['code'][number]): string {
  return `<li><code>${bytes}</code> <code>${textOf(assembly)}</code></li>`;
}
