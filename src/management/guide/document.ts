/** A run of text within a block. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  /** What the host calls itself; it may be of another script, and of another direction. */
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly content: readonly Inline[] }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

export type Line = readonly Inline[];

export type Language = 'bash' | 'http' | 'javascript' | 'python' | 'text';

export type Block =
  | { readonly kind: 'paragraph'; readonly line: Line }
  | { readonly kind: 'heading'; readonly id: string; readonly line: Line }
  /** `items` are done one after the other. */
  | { readonly kind: 'steps'; readonly items: readonly Line[] }
  | { readonly kind: 'list'; readonly items: readonly Line[] }
  | { readonly kind: 'checklist'; readonly items: readonly Line[] }
  /** What must not be overlooked. */
  | { readonly kind: 'note'; readonly line: Line }
  | {
      readonly kind: 'code';
      readonly label: string;
      readonly language: Language;
      readonly code: string;
    }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly Line[])[];
    };

export interface Section {
  /** The fragment of its address: the same in each language. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** The page for API consumers, before it is HTML or Markdown. */
export interface GuideDocument {
  /** As a BCP 47 tag. */
  readonly language: string;
  /** `undefined` where the host has no name of its own. */
  readonly brand: string | undefined;
  readonly title: string;
  readonly lead: Line;
  readonly links: readonly { readonly text: string; readonly url: string }[];
  readonly sections: readonly Section[];
}
