// Plugins that have no types of their own; those that others wrote are for markdown-it 14.
declare module 'markdown-it-deflist' {
  const plugin: (parser: import('markdown-it').default) => void;
  export default plugin;
}
declare module 'markdown-it-footnote' {
  const plugin: (parser: import('markdown-it').default) => void;
  export default plugin;
}
