import { css } from 'lit';

export const fields = css`
  .field {
    display: grid;
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  /* No gap: an empty status stays in the page, so that screen readers announce its first text. */
  .field > :not(:first-child, span:empty) {
    margin-block-start: 6px;
  }

  .field > legend {
    margin-block-end: 6px;
  }

  .field > legend + * {
    margin-block-start: 0 !important;
  }

  .field > label,
  .field > legend,
  .label {
    padding: 0;
    font-size: 13px;
    font-weight: 500;
  }

  .hint {
    color: var(--_muted);
    font-size: 12.5px;
  }

  .problem,
  .warning {
    color: var(--_danger);
    font-size: 12.5px;
  }

  .warning {
    color: var(--_caution);
  }


  input:not([type='checkbox'], [type='radio']),
  select {
    width: 100%;
    min-width: 0;
    height: 36px;
    padding: 0 11px;
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: inherit;
    font: inherit;
    transition: border-color 120ms;
  }

  select {
    padding-inline-end: 28px;
    appearance: none;
    background-image:
      linear-gradient(45deg, transparent 50%, var(--_muted) 50%),
      linear-gradient(135deg, var(--_muted) 50%, transparent 50%);
    background-position:
      right 15px top 55%,
      right 10px top 55%;
    background-repeat: no-repeat;
    background-size: 5px 5px;
    text-overflow: ellipsis;
    cursor: pointer;
  }

  select:dir(rtl) {
    background-position:
      left 10px top 55%,
      left 15px top 55%;
  }

  input:focus-visible:not([type='checkbox'], [type='radio']),
  select:focus-visible {
    border-color: var(--_focus);
    outline-offset: 0;
    outline-width: 1.5px;
  }

  textarea {
    min-width: 0;
    padding: 8px 11px;
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: inherit;
    resize: vertical;
  }

  input.code {
    height: 44px;
    font-family: var(--_mono);
    font-size: 17px;
    letter-spacing: 0.14em;
  }

  input::placeholder {
    color: var(--_muted);
  }

  textarea[aria-invalid='true'],
  input[aria-invalid='true'] {
    border-color: var(--_danger);
  }

  input[type='checkbox'],
  input[type='radio'] {
    flex: none;
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--_accent);
  }

  input[role='switch'] {
    position: relative;
    width: 34px;
    height: 20px;
    margin-top: 2px;
    border-radius: 99px;
    appearance: none;
    background: var(--_border-strong);
    cursor: pointer;
    transition: background-color 140ms;
  }

  input[role='switch']::before {
    position: absolute;
    inset-block-start: 2px;
    inset-inline-start: 2px;
    width: 16px;
    height: 16px;
    border-radius: 50%;
    background: var(--_surface);
    content: '';
    transition: translate 140ms;
  }

  input[role='switch']:checked {
    background: var(--_accent);
  }

  input[role='switch']:checked::before {
    translate: 14px 0;
  }

  input[role='switch']:checked:dir(rtl)::before {
    translate: -14px 0;
  }
`;
