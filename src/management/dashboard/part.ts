import { LitElement } from 'lit';
import type { Client, SessionInfo } from './client.ts';
import type { Texts } from './text.ts';

/** What all parts of one dashboard share. */
export interface Context {
  readonly client: Client;
  readonly texts: Texts;
  readonly session: SessionInfo;
  /** The level of the dashboard's own heading. */
  readonly headingLevel: number;
  /** Says and shows what has come of an action. */
  announce(message: string): void;
  /** Tells that a request found no session any more. */
  signedOut(): void;
  /** Reads the session again, after the second factor has changed. */
  refreshSession(): Promise<void>;
}

/** A part of the dashboard. */
export abstract class Part extends LitElement {
  static override properties = { context: { attribute: false } };

  declare context: Context;

  /** Whether the session may do this. */
  protected may(action: string): boolean {
    return this.context.session.actions.includes(action);
  }

  /** What to say of an error; a session that is over is told to the dashboard. */
  protected explain(error: unknown): string {
    if ((error as { code?: unknown }).code === 'unauthorized') this.context.signedOut();
    return this.context.texts.error(error);
  }
}

/** Registers an element, unless another copy of this module has done so. */
export function define(name: string, element: CustomElementConstructor): void {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}
