// It has no types of its own; those that others wrote are for markdown-it 14.
declare module 'markdown-it-footnote' {
  const plugin: (parser: import('markdown-it').default) => void;
  export default plugin;
}
