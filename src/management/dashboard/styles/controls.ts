import { css } from 'lit';
import { fields } from './fields.ts';

const general = css`
  .icon {
    flex: none;
    width: 16px;
    height: 16px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .heading {
    margin: 0;
    font-size: 15px;
    font-weight: 600;
    letter-spacing: -0.006em;
  }

  p {
    margin: 0;
  }

  .muted {
    color: var(--_muted);
  }

  .small {
    font-size: 13px;
  }

  .mono {
    font-family: var(--_mono);
    font-size: 12.5px;
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  a {
    color: var(--_link);
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 35%, transparent);
    text-underline-offset: 3px;
  }

  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 7px;
    min-height: 36px;
    padding: 0 14px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: var(--_text);
    font-family: inherit;
    font-size: 13.5px;
    font-weight: 500;
    line-height: 1.2;
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
    transition:
      background-color 120ms,
      border-color 120ms,
      transform 120ms;
  }

  .button:hover:not(:disabled) {
    background: var(--_sunken);
  }

  .button:active:not(:disabled) {
    transform: translateY(1px);
  }

  .button:disabled {
    cursor: default;
    opacity: 0.55;
  }

  .button.main {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .button.main:hover:not(:disabled) {
    background: color-mix(in srgb, var(--_accent) 86%, var(--_surface));
  }

  .button.danger {
    border-color: transparent;
    background: var(--_danger-fill);
    color: #fff;
  }

  .button.danger:hover:not(:disabled) {
    background: color-mix(in srgb, var(--_danger-fill) 88%, #000);
  }

  .button.quiet {
    border-color: transparent;
    background: transparent;
  }

  .button.quiet.warns {
    color: var(--_danger);
  }

  .button.icon-only {
    width: 32px;
    min-height: 32px;
    padding: 0;
    border-color: transparent;
    background: transparent;
    color: var(--_muted);
  }

  .button.icon-only:hover:not(:disabled) {
    background: var(--_sunken);
    color: var(--_text);
  }

  .button.icon-only.warns:hover:not(:disabled) {
    background: var(--_danger-soft);
    color: var(--_danger);
  }

  .badge {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 1px 8px;
    border-radius: 99px;
    background: var(--_sunken);
    color: var(--_muted);
    font-size: 12px;
    font-weight: 500;
    line-height: 20px;
    white-space: nowrap;
  }

  .badge.dot::before {
    width: 6px;
    height: 6px;
    border-radius: 50%;
    background: currentColor;
    content: '';
  }

  .positive {
    background: var(--_positive-soft);
    color: var(--_positive);
  }

  .caution {
    background: var(--_caution-soft);
    color: var(--_caution);
  }

  .negative {
    background: var(--_danger-soft);
    color: var(--_danger);
  }
`;

/** Buttons, fields, badges and other controls that every part uses. */
export const controls = [general, fields];
