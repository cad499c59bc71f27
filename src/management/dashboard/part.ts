import { LitElement } from 'lit';
import type { Address } from './address.ts';
import type { SessionInfo } from './api.ts';
import type { Client } from './client.ts';
import type { People } from './person.ts';
import type { Texts } from './text.ts';

/** The state that all parts of a dashboard share. */
export interface Context {
  readonly client: Client;
  readonly texts: Texts;
  readonly session: SessionInfo;
  /** The level of the dashboard's own heading. */
  readonly headingLevel: number;
  readonly people: People;
  readonly address: Address;
  /**
   * Shows the result of an action, and has screen readers announce it.
   *
   * @param effectiveBy when the change holds in every process of the service, if it may not do so yet
   */
  announce(message: string, effectiveBy?: number): void;
  /** Called when a request has found that the session has ended. */
  signedOut(): void;
  /** Reads the session again, after the second factor has changed. */
  refreshSession(): Promise<void>;
}

/** A part of the dashboard. */
export abstract class Part extends LitElement {
  static override properties = { context: { attribute: false } };

  declare context: Context;

  /** Whether the session may perform an action. */
  protected may(action: string): boolean {
    return this.context.session.actions.includes(action);
  }

  /** The text for an error. If the session has ended, the dashboard shows that instead. */
  protected explain(error: unknown): string {
    if ((error as { code?: unknown }).code === 'unauthorized') this.context.signedOut();
    return this.context.texts.error(error);
  }
}

/** Registers an element, unless another copy of this module has done so. */
export function define(name: string, element: CustomElementConstructor): void {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}
