import { html, nothing, type TemplateResult } from 'lit';
import type { Texts } from './text.ts';

/** A link to the sign-in page, or nothing if its address is missing or invalid. */
export function signInLink(
  texts: Texts,
  url: string | undefined,
  target?: '_blank',
): TemplateResult | typeof nothing {
  if (!url || !URL.canParse(url, location.href)) return nothing;
  const { protocol, href } = new URL(url, location.href);
  // A `javascript:` link would run a script.
  if (protocol !== 'https:' && protocol !== 'http:') return nothing;
  return html`<a class="button main" href=${href} target=${target ?? nothing} rel="noopener">
    ${texts.of('signedOut.signIn')}
  </a>`;
}
