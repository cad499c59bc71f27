import { css } from 'lit';

export const list = css`
  :host {
    display: block;
    container-type: inline-size;
  }

  .toolbar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-bottom: 14px;
  }

  .search {
    position: relative;
    flex: 1 1 200px;
    max-width: 300px;
  }

  .search .icon {
    position: absolute;
    inset-block-start: 10px;
    inset-inline-start: 11px;
    color: var(--_muted);
    pointer-events: none;
  }

  .search input {
    padding-inline-start: 34px;
  }

  .toolbar select {
    flex: 0 1 auto;
    width: auto;
  }

  .chip {
    gap: 6px;
    color: var(--_muted);
  }

  .chip[aria-pressed='true'] {
    border-color: var(--_accent);
    box-shadow: inset 0 0 0 1px var(--_accent);
    color: var(--_text);
  }

  .panel {
    overflow: hidden;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-large);
    background: var(--_surface);
  }

  table,
  thead,
  tbody {
    display: block;
    width: 100%;
  }

  tr {
    display: grid;
    grid-template-columns: minmax(0, 2.1fr) minmax(72px, 0.7fr) repeat(3, minmax(0, 1fr)) 96px 140px;
    gap: 0 16px;
    align-items: center;
    padding: 12px 12px 12px 20px;
  }

  thead tr {
    padding-block: 9px;
    background: var(--_sunken);
  }

  th {
    color: var(--_muted);
    font-size: 12px;
    font-weight: 500;
    text-align: start;
  }

  td,
  th {
    display: block;
    min-width: 0;
    padding: 0;
  }

  tbody tr {
    border-top: 1px solid var(--_border);
    transition: background-color 120ms;
  }

  tbody tr:hover {
    background: color-mix(in srgb, var(--_sunken) 55%, transparent);
  }

  tbody tr.fresh {
    animation: arrive 2.4s ease-out;
  }

  @keyframes arrive {
    from {
      background: var(--_positive-soft);
    }
  }

  .name {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 8px;
    align-items: baseline;
    font-weight: 500;
    overflow-wrap: anywhere;
  }

  .over .name,
  .over td {
    color: var(--_muted);
  }

  .over .name bdi {
    text-decoration: line-through;
    text-decoration-color: color-mix(in srgb, currentColor 45%, transparent);
  }

  .under {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 8px;
    align-items: center;
    margin-top: 2px;
    color: var(--_muted);
    font-size: 12.5px;
  }

  .badge.mark {
    padding-inline: 7px;
    font-size: 11.5px;
    line-height: 18px;
  }

  button.mark {
    border: 0;
    font-family: inherit;
    cursor: pointer;
  }

  button.mark:hover {
    text-decoration: underline;
  }

  .actions {
    display: flex;
    justify-content: flex-end;
    gap: 2px;
  }

  .caption {
    display: none;
  }

  .end {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
    margin-top: 12px;
  }

  .dim {
    color: var(--_muted);
    font-size: 12.5px;
    overflow-wrap: anywhere;
  }

  @container (width < 860px) {
    thead {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }

    tr {
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: 12px 14px;
      align-items: start;
      padding: 16px;
    }

    tbody tr:first-child {
      border-top: 0;
    }

    td.first {
      grid-row: 1;
      grid-column: 1 / 3;
    }

    td.state {
      grid-row: 1;
      grid-column: 3;
      justify-self: end;
    }

    td.environment {
      grid-row: 3;
      grid-column: 1 / 2;
      align-self: center;
    }

    td.fact {
      grid-row: 2;
      font-size: 13px;
    }

    td.actions {
      grid-row: 3;
      grid-column: 2 / 4;
      margin: -6px -10px -8px 0;
    }

    .caption {
      display: block;
      margin-bottom: 1px;
      color: var(--_muted);
      font-size: 12px;
    }

    .button.icon-only {
      width: 40px;
      min-height: 40px;
    }
  }

  @container (width < 520px) {
    .search {
      flex-basis: 100%;
      max-width: none;
    }

    .toolbar select {
      flex: 1 1 120px;
    }
  }
`;
