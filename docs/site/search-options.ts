/** What the search knows of one place of the site. */
export interface Entry {
  readonly id: number;
  /** From the site's root, with the anchor. */
  readonly url: string;
  readonly title: string;
  /** The title of the page it is on. */
  readonly page: string;
  /** Such as `Step 3`, as a result shows it. */
  readonly kind: string;
  readonly text: string;
  /** The title of the part of the page that it belongs to. */
  readonly under?: string;
}

/** How the index is made, and read. */
export const OPTIONS = {
  fields: ['title', 'text'],
  storeFields: ['url', 'title', 'page', 'kind', 'text', 'under'],
  /** `pids.max` and `pivot_root` are words, and so are their parts. */
  tokenize: (text: string): string[] => {
    const words = text.split(/[^\p{L}\p{N}_.$/-]+/u).map((word) => word.replace(/^[./-]+|[./-]+$/g, ''));
    return words.flatMap((word) => [word, ...(/[._/-]/.test(word) ? word.split(/[._/-]+/) : [])]).filter(Boolean);
  },
};
