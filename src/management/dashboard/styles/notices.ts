import { css } from 'lit';

/** Notes, errors, empty lists and loading content. */
export const notices = css`
  .note {
    display: flex;
    gap: 10px;
    padding: 10px 12px;
    border-radius: var(--_radius);
    background: var(--_sunken);
    color: var(--_muted);
    font-size: 13px;
  }

  .note > .icon {
    margin-top: 2px;
  }

  .note.positive {
    background: var(--_positive-soft);
    color: var(--_positive);
  }

  .note.caution {
    background: var(--_caution-soft);
    color: var(--_caution);
  }

  .note.negative {
    background: var(--_danger-soft);
    color: var(--_danger);
  }

  .note strong {
    display: block;
    font-weight: 600;
  }

  .blank {
    display: grid;
    justify-items: center;
    gap: 6px;
    padding: 56px 24px;
    text-align: center;
  }

  .blank p {
    max-width: 42ch;
    color: var(--_muted);
  }

  .blank .buttons,
  .blank > .button {
    margin-top: 14px;
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: center;
  }

  .emblem {
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    margin-bottom: 10px;
    border: 1px solid var(--_border);
    border-radius: 12px;
    background: linear-gradient(var(--_raised), var(--_sunken));
    color: var(--_muted);
  }

  .emblem .icon {
    width: 20px;
    height: 20px;
  }

  .bone {
    display: block;
    width: 60%;
    height: 10px;
    border-radius: 5px;
    background: var(--_sunken);
    animation: breathe 1.4s ease-in-out infinite alternate;
  }

  .bone.short {
    width: 36%;
    margin-top: 8px;
  }

  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
`;
