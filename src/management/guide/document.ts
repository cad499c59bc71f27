/** A section, or a part of one. */
export interface Section {
  /** The fragment of its address, which is the same in every language. */
  readonly id: string;
  /** Markdown, like the members below. */
  readonly title: string;
  readonly body: string;
  readonly parts?: readonly Section[];
}

/** The content of the guide for API consumers, from which both its HTML and its Markdown are made. */
export interface GuideDocument {
  /** A BCP 47 tag. */
  readonly language: string;
  /** `undefined` if the application has set no name. */
  readonly brand: string | undefined;
  /** Plain text. */
  readonly title: string;
  readonly lead: string;
  /** Each is a link. */
  readonly links: readonly string[];
  readonly sections: readonly Section[];
}
