import { html, nothing, type TemplateResult } from 'lit';
import './dialogs/create.ts';
import './dialogs/edit.ts';
import './dialogs/retire.ts';
import './dialogs/reveal.ts';
import './dialogs/revoke.ts';
import './dialogs/rotate.ts';
import type { IssuedKey, ShownKey } from './api.ts';
import type { Rotation } from './dialogs/rotate.ts';
import type { Context } from './part.ts';

/** The dialog that is open. */
export type ListDialog =
  | { readonly kind: 'create'; readonly known: readonly ShownKey[] }
  /** `next` is the old key, whose dialog opens afterwards. */
  | { readonly kind: 'reveal'; readonly issued: IssuedKey; readonly next?: ShownKey }
  | { readonly kind: 'edit' | 'rotate' | 'retire' | 'revoke'; readonly item: ShownKey }
  | { readonly kind: 'revoke-all' };

/** Called when a dialog closes or has changed keys. */
interface DialogHandlers {
  closed(): void;
  /** A key has changed; `undefined` if all have. */
  changed(key: ShownKey | undefined): void;
  issued(issued: IssuedKey): void;
  rotated(rotation: Rotation): void;
}

export function dialogOf(
  dialog: ListDialog | undefined,
  context: Context,
  { closed, changed, issued, rotated }: DialogHandlers,
): TemplateResult | typeof nothing {
  const change = (event: CustomEvent<ShownKey | undefined>) => changed(event.detail ?? undefined);
  if (dialog === undefined) return nothing;
  switch (dialog.kind) {
    case 'create':
      return html`<keywright-create-dialog
        .context=${context}
        .known=${dialog.known}
        @closed=${closed}
        @issued=${({ detail }: CustomEvent<IssuedKey>) => issued(detail)}
      ></keywright-create-dialog>`;
    case 'reveal':
      return html`<keywright-reveal-dialog
        .context=${context}
        .issued=${dialog.issued}
        @closed=${closed}
      ></keywright-reveal-dialog>`;
    case 'edit':
      return html`<keywright-edit-dialog
        .context=${context}
        .item=${dialog.item}
        @closed=${closed}
        @changed=${change}
      ></keywright-edit-dialog>`;
    case 'rotate':
      return html`<keywright-rotate-dialog
        .context=${context}
        .item=${dialog.item}
        @closed=${closed}
        @rotated=${({ detail }: CustomEvent<Rotation>) => rotated(detail)}
      ></keywright-rotate-dialog>`;
    case 'retire':
      return html`<keywright-retire-dialog
        .context=${context}
        .item=${dialog.item}
        @closed=${closed}
        @changed=${change}
      ></keywright-retire-dialog>`;
    case 'revoke':
    case 'revoke-all':
      return html`<keywright-revoke-dialog
        .context=${context}
        .item=${dialog.kind === 'revoke' ? dialog.item : undefined}
        @closed=${closed}
        @changed=${change}
      ></keywright-revoke-dialog>`;
  }
}
