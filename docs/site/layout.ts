import { smallBox } from './box.ts';
import { Html, html } from './html.ts';
import type { Document, Outline, Step } from './outline.ts';
import type { Heading } from './search-sections.ts';
import type { Urls } from './urls.ts';

/** A page before its frame is put round it. */
export interface Page {
  /** From the site's root. */
  readonly url: string;
  readonly title: string;
  /** Names the looks, such as `lesson`. */
  readonly kind: 'home' | 'lesson' | 'page' | 'glossary' | 'api' | 'source' | 'search' | 'explorer';
  readonly main: Html;
  readonly headings?: readonly Heading[];
  /** The step that this page is the lesson of. */
  readonly step?: Step;
  /** Stylesheets and modules beside the site's own, from its root. */
  readonly styles?: readonly string[];
  readonly scripts?: readonly string[];
}

/** Pages that are made, and not written in Markdown. */
export interface Extra {
  readonly url: string;
  readonly title: string;
}

/** A whole page. It is read from top to bottom without a script or a style; addresses in it are relative. */
export function layout(page: Page, outline: Outline, extras: readonly Extra[], urls: Urls): string {
  const to = (url: string) => urls.relative(page.url, url);
  const style = (url: string) => html`<link rel="stylesheet" href="${to(url)}">\n`;
  const script = (url: string) => html`<script src="${to(url)}" defer></script>\n`;
  const title = page.kind === 'home' ? page.title : `${page.title} · Boxstep`;
  const frame = html`<!doctype html>
<html lang="en" data-root="${to('index.html').replace(/index\.html$/, '')}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="${to('assets/icon.svg')}">
${['assets/site.css', ...(page.styles ?? [])].map(style)}<script src="${to('assets/theme.js')}"></script>
${['assets/site.js', ...(page.scripts ?? [])].map(script)}</head>
<body class="kind-${page.kind}">
<a class="skip" href="#site-main">Skip to the text</a>
${masthead(page, outline, to)}
<div class="frame">
${courseNavigation(page, outline, extras, to)}
${contents(page.headings ?? [])}
<main id="site-main" tabindex="-1">
${page.main}
</main>
</div>
<footer class="colophon"><p>Boxstep is free under the <a href="${to('source/LICENSE.html')}">MIT licence</a>. Every picture, plan and code block on these pages is made from the course’s own source.</p></footer>
</body>
</html>
`;
  return frame.text;
}

type To = (url: string) => string;

function masthead({ kind }: Page, { steps }: Outline, to: To): Html {
  const search =
    kind !== 'search' &&
    html`<form class="search" role="search" action="${to('search.html')}">
<input type="search" name="q" aria-label="Search the course" placeholder="Search" autocomplete="off" aria-keyshortcuts="/ Control+K Meta+K" title="Ctrl-K">
</form>
`;
  return html`<header class="masthead">
<button class="menu" type="button" popovertarget="site-course">Contents</button>
<a class="brand" href="${to('index.html')}">${smallBox(steps)}<span>Boxstep</span></a>
${search}<button class="theme" type="button" aria-label="Dark colours" hidden></button>
</header>`;
}

/** The pages that a class's students don't need. */
const TEACHING = ['instructors.html', 'grading.html'];

function courseNavigation(page: Page, { steps, capstone, pages }: Outline, extras: readonly Extra[], to: To): Html {
  const current = (url: string) => page.url === url && html` aria-current="page"`;
  const link = ({ url, title }: Extra) => html`<li><a href="${to(url)}"${current(url)}>${title}</a></li>\n`;
  const teaching = pages.filter((one) => TEACHING.includes(one.url));
  const lessons = steps.map(({ number, name, lesson }) =>
    lesson
      ? html`<li data-step="${number}"><a href="${to(lesson.url)}"${current(lesson.url)}><span class="number">${number}</span> ${name}<span class="done" hidden> (done)</span></a></li>\n`
      : html`<li class="later"><span><span class="number">${number}</span> ${name}</span></li>\n`,
  );
  return html`<nav id="site-course" class="course" popover aria-label="The course">
<h2>The ten steps</h2>
<ol>
${lessons}</ol>
${capstone.length > 0 && html`<h2>The capstone</h2>\n<ul>\n${capstone.map(link)}</ul>\n`}<h2>Look around</h2>
<ul>
${[...extras, ...pages.filter((one) => !TEACHING.includes(one.url))].map(link)}</ul>
${teaching.length > 0 && html`<h2>For instructors</h2>\n<ul>\n${teaching.map(link)}</ul>\n`}</nav>`;
}

function contents(headings: readonly Heading[]): Html | null {
  const shown = headings.filter(({ level }) => level === 2 || level === 3);
  if (shown.length < 2) return null;
  const entries = shown.map(
    ({ level, slug, title }) => html`<li class="level-${level}"><a href="#${slug}">${title}</a></li>\n`,
  );
  return html`<nav class="contents" aria-labelledby="site-contents"><details open><summary id="site-contents">On this page</summary>
<ol>
${entries}</ol></details></nav>`;
}

/** A lesson: where it stands in the course, its text, the way to mark it as done, and the lessons beside it. */
export function lessonMain(step: Step, text: string, outline: Outline, to: To): Html {
  const lessons = outline.steps.flatMap((one) => (one.lesson ? [{ ...one, lesson: one.lesson }] : []));
  const here = lessons.findIndex(({ number }) => number === step.number);
  return html`<article>
<p class="place">${smallBox(outline.steps, step.number)} Step ${step.number} of ${outline.steps.length}</p>
${new Html(text)}
</article>
<p class="finish"><button type="button" data-done="${step.number}" aria-pressed="false" hidden>Mark step ${step.number} as done</button></p>
${beside(lessons[here - 1], lessons[here + 1], outline.capstone[0], to)}`;
}

/** @param last - what comes after the last lesson */
function beside(previous: Step | undefined, next: Step | undefined, last: Document | undefined, to: To): Html {
  const link = (url: string, name: string, rel: 'prev' | 'next', label: string) =>
    html`<a rel="${rel}" href="${to(url)}"><span>${label}</span> <b>${name}</b></a>`;
  const toStep = (step: Step | undefined, rel: 'prev' | 'next', label: string) =>
    step?.lesson && link(step.lesson.url, `${step.number} ${step.name}`, rel, label);
  const after = next ? toStep(next, 'next', 'Next') : last && link(last.url, last.title, 'next', 'Next');
  return html`<nav class="beside" aria-label="Lessons beside this one">${toStep(previous, 'prev', 'Before')} ${after}</nav>`;
}

/** A page of prose. */
export function articleMain(text: string): Html {
  return html`<article>${new Html(text)}</article>`;
}

/** The first page: what it is about, where to start, a container as a terminal shows it, and the course as a box of ten steps. */
export function homeMain(text: string, { steps, capstone }: Outline, to: To): Html {
  const fields = steps.map(({ number, name, gains, lesson, hours }) => {
    const words = html`<span class="number">${number}</span> <b>${name}</b> <span class="gains">${gains.replaceAll('`', '')}</span>${hours && html` <span class="hours">${hours.read} to read, ${hours.homework} of homework</span>`}`;
    return html`<li class="${lesson ? 'field' : 'field later'}"${lesson && html` data-step="${number}"`}>${
      lesson ? html`<a href="${to(lesson.url)}">${words}</a>` : html`<div>${words}</div>`
    }</li>\n`;
  });
  const [lead = '', rest = ''] = new Html(text).text.split(/<!-- the box -->\s*/, 2);
  const [title = '', recording = ''] = lead.split(/(?=<figure class="code transcript">)/, 2);
  const first = steps.find(({ lesson }) => lesson)?.lesson;
  const [last] = capstone;
  const start = first && html`<p class="start"><a href="${to(first.url)}">Start lesson 1</a></p>`;
  return html`<div class="lead"><div class="title">${new Html(title)}${start}</div>${new Html(recording)}</div>
<div class="box">
<ol aria-label="The ten steps">
${fields}</ol>${last && html`<p class="after field"><a href="${to(last.url)}"><b>After them: ${last.title.replace(/^\w+: /, '')}</b> <span class="gains">containers that outlive the command that started them, and an OCI runtime for podman, containerd and dockerd</span></a></p>`}</div>
<article>${new Html(rest)}</article>`;
}

export type { Document };
