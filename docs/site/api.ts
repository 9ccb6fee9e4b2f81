import { readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { manualPage, type SyscallName } from 'shared-native';
import {
  Application,
  type Comment,
  type CommentDisplayPart,
  type DeclarationReflection,
  ReflectionKind,
  type SignatureReflection,
} from 'typedoc';
import { firstUses, type Use } from './api-uses.ts';
import { escaped } from './html.ts';
import type { Outline } from './outline.ts';
import type { Section } from './search-sections.ts';

/** The page of one source file's exports, as Markdown. */
export interface ApiPage {
  readonly url: string;
  readonly title: string;
  /** The package, such as `step-02`. */
  readonly package: string;
  /** The source file, from the repository's root. */
  readonly path: string;
  readonly markdown: string;
  /** The names it tells of, constants aside. */
  readonly names: readonly string[];
  readonly constants: number;
  readonly sections: readonly Section[];
}

/** Where a package's documentation begins. */
export interface Package {
  readonly name: string;
  /** From the repository's root, such as `shared-native/src/index.ts`. */
  readonly entry: string;
}

/** Asks typedoc for all that packages export: a page for each file. What a package passes on stays where it was made. */
export async function apiPages(root: string, packages: readonly Package[]): Promise<ApiPage[]> {
  const app = await Application.bootstrap({
    entryPoints: packages.map(({ entry }) => join(root, entry)),
    tsconfig: join(root, 'tsconfig.json'),
    basePath: root,
    disableGit: true,
    sourceLinkTemplate: '{path}',
    excludeExternals: true,
    skipErrorChecking: true, // the types are checked by `npm run check`
    logLevel: 'Warn',
  });
  const project = await app.convert();
  if (!project) throw new Error('typedoc could not read the packages');
  const modules = project.children?.some(({ kind }) => kind === ReflectionKind.Module) ? project.children : [project];
  const reflections = modules.flatMap(({ children = [] }) => children as DeclarationReflection[]);
  const byFile = Map.groupBy(
    reflections.filter(({ kind }) => kind !== ReflectionKind.Reference),
    ({ sources }) => sources?.[0]?.fileName ?? '',
  );
  const uses = firstUses(root);
  return packages.flatMap(({ name, entry }) => {
    const folder = `${dirname(entry)}/`;
    const files = [...byFile].filter(([path]) => path.startsWith(folder)).sort(([a], [b]) => (a < b ? -1 : 1));
    return files.map(([path, members]) => {
      const code = readFileSync(join(root, path), 'utf8');
      return page(name, { path, file: path.slice(folder.length), code, uses }, members.toSorted(byLine));
    });
  });
}

/** The file that a page is about. */
interface Source {
  /** From the repository's root. */
  readonly path: string;
  /** From the package's folder of sources. */
  readonly file: string;
  readonly code: string;
  readonly uses: ReadonlyMap<string, Use>;
}

function page(name: string, source: Source, members: readonly DeclarationReflection[]): ApiPage {
  const { path, file } = source;
  const url = posix.join('api', name, `${file.replace(/\.ts$/, '')}.html`);
  const constants = members.filter(isConstant);
  const others = members.filter((member) => !isConstant(member));
  const markdown = [
    `<p class="place"><a href="site:api/index.html#${name}">${name}</a></p>`,
    `# ${file}`,
    ...others.map((member) => entry(member, source)),
    ...(constants.length > 0 ? ['## Constants', constantsTable(constants, path)] : []),
  ].join('\n\n');
  const sections = members.map((member) => ({
    slug: anchorOf(member),
    title: member.name,
    text: plain(commentOf(member)).replaceAll('`', ''),
  }));
  return {
    url,
    title: `${name}: ${file}`,
    package: name,
    path,
    markdown,
    names: others.map((one) => one.name),
    constants: constants.length,
    sections,
  };
}

function byLine(a: DeclarationReflection, b: DeclarationReflection): number {
  return (a.sources?.[0]?.line ?? 0) - (b.sources?.[0]?.line ?? 0);
}

/** A number or a text under its kernel's name. */
function isConstant({ kind, name }: DeclarationReflection): boolean {
  return kind === ReflectionKind.Variable && /^[A-Z][A-Z0-9_]*$/.test(name);
}

/** A heading's address is made from its text: see `slug`. A constant has an anchor of its own. */
function anchorOf(member: DeclarationReflection): string {
  return isConstant(member) ? member.name : member.name.toLowerCase();
}

function entry(member: DeclarationReflection, source: Source): string {
  const { path } = source;
  const comment = commentOf(member);
  const line = member.sources?.[0]?.line ?? 1;
  return [
    `## ${member.name}`,
    `<p class="source"><a href="/${path}#L${line}">${path}, line ${line}</a></p>`,
    fence(declaration(member)),
    textOf(comment?.summary),
    parameters(member.signatures?.[0]),
    ...(comment?.blockTags ?? [])
      .filter(({ tag }) => tag in TAGS)
      .map(({ tag, content }) => told(TAGS[tag] ?? tag, textOf(content))),
    errorsOf(callMadeBy(source.code, line)),
    used(source.uses.get(member.name)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The system call that the function in this line makes a value of. */
function callMadeBy(code: string, line: number): string | undefined {
  const [body = ''] = code
    .split('\n')
    .slice(line - 1)
    .join('\n')
    .split(/^}/m, 1);
  return /\bmakeCall\(\s*'(\w+)'/.exec(body)?.[1];
}

/** What the errors of a system call mean, and what to do. */
function errorsOf(call: string | undefined): string {
  const errors = Object.entries((call && manualPage(call as SyscallName)?.errors) || {});
  if (errors.length === 0) return '';
  return [
    '| error | meaning, and what to do |',
    '| --- | --- |',
    ...errors.map(([name, text]) => `| \`${name}\` | ${cell(escaped(text))} |`),
  ].join('\n');
}

function used(use: Use | undefined): string {
  if (!use) return '';
  const step = /^steps\/0*(\d+)/.exec(use.path)?.[1];
  const where = `**Used** in step ${step}, [${use.path}, line ${use.line}](/${use.path}#L${use.line})`;
  return use.call ? `${where}:\n\n${fence(use.call)}` : `${where}.`;
}

/** A block of code has lines of its own. */
function told(what: string, text: string): string {
  return `**${what}**${text.startsWith('```') ? '\n\n' : ' '}${text}`;
}

const TAGS: Record<string, string> = {
  '@returns': 'Returns',
  '@throws': 'Throws',
  '@see': 'See',
  '@example': 'Example',
};

function declaration(member: DeclarationReflection): string {
  const { kind, name } = member;
  const base = member.extendedTypes?.length ? ` extends ${member.extendedTypes.join(', ')}` : '';
  const parameters = member.typeParameters?.length
    ? `<${member.typeParameters.map(({ name }) => name).join(', ')}>`
    : '';
  if (kind === ReflectionKind.Function)
    return (member.signatures ?? []).map((one) => `function ${signature(one, name)}`).join('\n');
  if (kind === ReflectionKind.Variable) return `const ${name}: ${member.type}`;
  if (kind === ReflectionKind.TypeAlias) return `type ${name}${parameters} = ${member.type}`;
  const keyword = kind === ReflectionKind.Class ? 'class' : 'interface';
  return `${keyword} ${name}${parameters}${base} {\n${(member.children ?? []).filter(isOwn).toSorted(byLine).map(property).join('\n')}\n}`;
}

function isOwn({ inheritedFrom }: DeclarationReflection): boolean {
  return inheritedFrom === undefined;
}

/** A member of an interface or class, with its comment above. */
function property(member: DeclarationReflection): string {
  const says = plain(commentOf(member));
  const comment = says === '' ? '' : `  /** ${says} */\n`;
  const flags = member.flags.isReadonly ? 'readonly ' : '';
  const optional = member.flags.isOptional ? '?' : '';
  if (member.signatures?.length) {
    const name = member.kind === ReflectionKind.Constructor ? 'constructor' : member.name + optional;
    return comment + member.signatures.map((one) => `  ${signature(one, name)};`).join('\n');
  }
  return `${comment}  ${flags}${member.name}${optional}: ${member.type ?? member.getSignature?.type ?? 'unknown'};`;
}

function signature({ parameters = [], type, typeParameters }: SignatureReflection, name: string): string {
  const generic = typeParameters?.length ? `<${typeParameters.map((one) => one.name).join(', ')}>` : '';
  const shown = parameters.map(({ name, flags, type, defaultValue }) => {
    const optional = flags.isOptional || defaultValue !== undefined ? '?' : '';
    return `${flags.isRest ? '...' : ''}${name === '__namedParameters' ? 'options' : name}${optional}: ${type}`;
  });
  const answer = name === 'constructor' ? '' : `: ${type}`;
  const short = `${name}${generic}(${shown.join(', ')})${answer}`;
  return short.length <= 90 ? short : `${name}${generic}(\n${shown.map((one) => `  ${one},\n`).join('')})${answer}`;
}

function parameters(signature: SignatureReflection | undefined): string {
  const told = (signature?.parameters ?? []).filter(({ comment }) => comment);
  return told
    .map(({ name, comment }) => `- \`${name}\`: ${textOf(comment?.summary).replace(/^[-–]\s*/, '')}`)
    .join('\n');
}

/** A row each; what a constant means, in a column of its own if the source says so of any. */
function constantsTable(constants: readonly DeclarationReflection[], path: string): string {
  const isTold = constants.some(commentOf);
  const row = (...cells: string[]) => `| ${cells.slice(0, isTold ? 3 : 2).join(' | ')} |`;
  const rows = constants.map((member) => {
    const link = `[\`${member.name}\`](/${path}#L${member.sources?.[0]?.line ?? 1})`;
    const name = `<a id="${escaped(member.name)}"></a>${link}`;
    return row(name, value(String(member.type)), cell(textOf(commentOf(member)?.summary)));
  });
  return [row('name', 'value', 'meaning'), row('---', '---', '---'), ...rows].join('\n');
}

/** Flags are read in hexadecimal. Some are others on arm64: a constant then has two types. */
function value(type: string): string {
  const shown = type.split(' | ').map((text) => {
    const number = Number(text.replace(/n$/, '') || 'none');
    return `\`${number > 9 ? `0x${number.toString(16)}` : text}\``;
  });
  return shown.join(' or ');
}

function commentOf(member: DeclarationReflection): Comment | undefined {
  return member.comment ?? member.signatures?.[0]?.comment;
}

function textOf(parts: readonly CommentDisplayPart[] | undefined): string {
  return (parts ?? []).map(linkOf).join('').trim();
}

function linkOf(part: CommentDisplayPart): string {
  if (part.kind !== 'inline-tag') return part.text;
  return typeof part.target === 'string' ? `[${part.text}](${part.target})` : `\`${part.text}\``;
}

function plain(comment: Comment | undefined): string {
  return textOf(comment?.summary).replace(/\s+/g, ' ');
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

function fence(code: string): string {
  return `\`\`\`ts\n${code}\n\`\`\``;
}

/** The packages of a workspace that export something: shared-native, the steps in their order, and the capstone. */
export function packagesOf({ root, steps, capstone }: Outline): Package[] {
  const lessons = [...steps.flatMap(({ lesson }) => lesson ?? []), ...capstone.slice(0, 1)];
  const folders = [join(root, 'shared-native'), ...lessons.map(({ file }) => dirname(file))];
  return folders.map((folder) => {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string };
    return { name, entry: join(relative(root, folder), 'src/index.ts') };
  });
}

/** The page that lists every package's files, and what each exports. */
export function apiIndex(pages: readonly ApiPage[], introductions: Record<string, string> = {}): string {
  const packages = [...Map.groupBy(pages, (page) => page.package)];
  const file = ({ url, path, names, constants }: ApiPage) => {
    const links = names.map((name) => `[${name}](site:${url}#${name.toLowerCase()})`);
    if (constants > 0)
      links.push(`[${constants} ${constants === 1 ? 'constant' : 'constants'}](site:${url}#constants)`);
    return `- [**${path.replace(/^.*?\/src\//, '')}**](site:${url}): ${links.join(', ')}`;
  };
  return [
    '# API',
    'What each package exports, by source file. A step also passes on what the step before it exports.',
    ...packages.flatMap(([name, files]) => [
      `## ${name}`,
      ...(introductions[name] ? [introductions[name]] : []),
      files.map(file).join('\n'),
    ]),
  ].join('\n\n');
}
