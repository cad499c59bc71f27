import { css } from 'lit';

export const activity = css`
  :host {
    display: block;
    container-type: inline-size;
  }

  .toolbar {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    align-items: end;
    margin-bottom: 14px;
  }

  .toolbar .field {
    flex: 0 1 150px;
  }

  .toolbar .field label {
    color: var(--_muted);
    font-size: 12px;
  }

  .exports {
    display: flex;
    gap: 8px;
    margin-inline-start: auto;
  }

  .panel {
    border: 1px solid var(--_border);
    border-radius: var(--_radius-large);
    background: var(--_surface);
  }

  .days {
    padding: 20px 24px 6px;
  }

  .day {
    color: var(--_muted);
    font-size: 12px;
    font-weight: 500;
  }

  ol {
    margin: 10px 0 18px;
    padding: 0;
    list-style: none;
  }

  li {
    position: relative;
    display: grid;
    grid-template-columns: 28px minmax(0, 1fr) auto;
    gap: 0 14px;
    padding-bottom: 18px;
  }

  li:not(:last-child)::before {
    position: absolute;
    inset-block: 30px 2px;
    inset-inline-start: 13.5px;
    width: 1px;
    background: var(--_border);
    content: '';
  }

  .sign {
    display: grid;
    place-items: center;
    width: 28px;
    height: 28px;
    border-radius: 50%;
  }

  :where(.sign) {
    background: var(--_sunken);
    color: var(--_muted);
  }

  .sign .icon {
    width: 14px;
    height: 14px;
  }

  .what {
    padding-top: 3px;
    overflow-wrap: anywhere;
  }

  .what strong {
    font-weight: 550;
  }

  .when {
    padding-top: 4px;
    color: var(--_muted);
    font-size: 12.5px;
    white-space: nowrap;
  }

  .details {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    color: var(--_muted);
    font-size: 13px;
  }

  .end {
    display: flex;
    justify-content: center;
    margin-top: 12px;
  }

  .bones {
    display: grid;
    gap: 22px;
    padding: 24px;
  }

  @container (width < 720px) {
    .toolbar .field {
      flex: 1 1 130px;
    }

    .exports {
      flex-basis: 100%;
      margin: 0;
    }

    .exports .button {
      flex: 1;
    }

    .days {
      padding: 16px 16px 2px;
    }
  }
`;
