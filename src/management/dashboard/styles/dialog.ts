import { css } from 'lit';

export const dialog = css`
  dialog {
    width: min(480px, calc(100vw - 24px));
    max-height: calc(100dvh - 24px);
    margin: auto;
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--_border);
    border-radius: 14px;
    background: var(--_surface);
    box-shadow: var(--_shadow);
    color: inherit;
  }

  dialog[open] {
    display: flex;
    animation: rise 180ms cubic-bezier(0.2, 0.8, 0.3, 1);
  }

  dialog.wide {
    width: min(560px, calc(100vw - 24px));
  }

  dialog::backdrop {
    background: rgb(12 12 16 / 46%);
    animation: fade 180ms;
  }

  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(8px) scale(0.985);
    }
  }

  @keyframes fade {
    from {
      opacity: 0;
    }
  }

  .form {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-width: 0;
    max-height: inherit;
  }

  header {
    display: flex;
    align-items: flex-start;
    justify-content: space-between;
    gap: 12px;
    padding: 20px 16px 0 24px;
  }

  header .heading {
    padding-top: 3px;
    font-size: 16px;
    overflow-wrap: anywhere;
  }

  .body {
    display: grid;
    gap: 18px;
    min-height: 0;
    padding: 6px 24px 22px;
    overflow-y: auto;
    overflow-wrap: anywhere;
  }

  .body > .lead {
    color: var(--_muted);
  }

  footer {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
    padding: 14px 24px;
    border-top: 1px solid var(--_border);
    background: var(--_surface);
  }

  footer .aside {
    margin-inline-end: auto;
  }

  footer .aside.quiet {
    margin-inline-start: -14px;
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .choice {
    display: flex;
    flex: 1 1 130px;
    align-items: flex-start;
    gap: 10px;
    min-width: 0;
    padding: 9px 12px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    cursor: pointer;
    transition: border-color 120ms;
  }

  .choice:hover {
    border-color: var(--_border-strong);
  }

  .choice:has(:checked) {
    border-color: var(--_accent);
    box-shadow: inset 0 0 0 1px var(--_accent);
  }

  .choice input {
    margin-top: 2.5px;
  }

  .choice .mono {
    line-height: 21px;
  }

  .choice.full {
    flex-basis: 100%;
  }

  .scopes {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(170px, 1fr));
    max-height: 190px;
    padding: 4px;
    overflow-y: auto;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
  }

  .scopes label {
    display: flex;
    align-items: center;
    gap: 9px;
    padding: 6px 8px;
    border-radius: 6px;
    cursor: pointer;
  }

  .scopes label:hover {
    background: var(--_sunken);
  }

  .qr {
    display: grid;
    justify-items: center;
    padding: 14px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: #fff;
  }

  .qr img {
    display: block;
    width: 176px;
    height: 176px;
  }

  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(160px, 1fr));
    gap: 12px;
    align-items: start;
  }

  .switch {
    display: flex;
    align-items: flex-start;
    justify-content: space-between;
    gap: 16px;
  }

  @media (width <= 480px) {
    header {
      padding: 16px 10px 0 18px;
    }

    .body {
      padding-inline: 18px;
    }

    footer {
      padding: 12px 18px;
    }

    footer .button {
      flex: 1 1 auto;
    }
  }
`;
