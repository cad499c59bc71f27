import { css } from 'lit';

export const shell = css`
  :host {
    display: block;
  }

  .frame {
    container-type: inline-size;
  }

  :host([theme='light']) {
    color-scheme: light;
  }

  :host([theme='dark']) {
    color-scheme: dark;
  }

  /* A theme that differs from the page needs its own background. */
  :host([theme]) {
    background: var(--keywright-background, light-dark(#fbfbfc, #0d0d0f));
  }

  :host([theme='auto']) {
    color-scheme: light dark;
  }

  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 12px 24px;
    align-items: flex-start;
    justify-content: space-between;
    margin-bottom: 20px;
  }

  .top > div {
    flex: 1 1 240px;
    min-width: 0;
  }

  .top .heading {
    font-size: 22px;
    font-weight: 650;
    letter-spacing: -0.018em;
    line-height: 1.3;
  }

  .top p {
    margin-top: 4px;
    color: var(--_muted);
    overflow-wrap: anywhere;
  }

  .top a {
    display: inline-flex;
    gap: 5px;
    align-items: center;
    white-space: nowrap;
  }

  .top a .icon {
    width: 13px;
    height: 13px;
  }

  .tabs {
    display: flex;
    gap: 22px;
    margin-bottom: 18px;
    overflow-x: auto;
    border-bottom: 1px solid var(--_border);
    scrollbar-width: none;
  }

  .tab {
    position: relative;
    padding: 9px 2px 11px;
    border: 0;
    background: none;
    color: var(--_muted);
    font-family: inherit;
    font-size: 14px;
    font-weight: 500;
    line-height: 1.4;
    white-space: nowrap;
    cursor: pointer;
    transition: color 120ms;
  }

  .tab:hover {
    color: var(--_text);
  }

  .tab[aria-selected='true'] {
    color: var(--_text);
  }

  .tab[aria-selected='true']::after {
    position: absolute;
    inset: auto 0 0;
    height: 2px;
    border-radius: 2px 2px 0 0;
    background: var(--_accent);
    content: '';
  }

  .tab:focus-visible {
    border-radius: 4px;
    outline-offset: -2px;
  }

  .panel:focus-visible {
    outline-offset: 6px;
    border-radius: 4px;
  }

  .alone {
    border: 1px solid var(--_border);
    border-radius: var(--_radius-large);
    background: var(--_surface);
  }

  .toast {
    position: fixed;
    inset-block-end: 20px;
    inset-inline: 16px;
    z-index: 10;
    display: grid;
    justify-items: center;
    pointer-events: none;
  }

  .toast span {
    display: flex;
    gap: 8px;
    align-items: center;
    max-width: 440px;
    padding: 10px 14px;
    border-radius: 10px;
    background: light-dark(#1c1c20, #f4f4f5);
    box-shadow: var(--_shadow);
    color: light-dark(#fff, #18181b);
    font-size: 13.5px;
    overflow-wrap: anywhere;
    animation: enter 200ms cubic-bezier(0.2, 0.8, 0.3, 1);
  }

  @keyframes enter {
    from {
      opacity: 0;
      transform: translateY(10px);
    }
  }

  @container (width < 480px) {
    .top > .button {
      width: 100%;
      min-height: 40px;
    }
  }
`;
