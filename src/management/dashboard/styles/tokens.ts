import { css } from 'lit';

/**
 * The colors, fonts and radii of the dashboard, as custom properties. The application can set them on
 * `keywright-keys` or on an element around it. Each color has a light and a dark value: `color-scheme`
 * chooses between them, and the page's applies unless the attribute `theme` is set.
 */
export const tokens = css`
  :host {
    /* The background of panels, and of the fields and muted areas in them. */
    --_surface: var(--keywright-surface, light-dark(#fff, #141417));
    --_raised: var(--keywright-raised, light-dark(#fff, #1b1b1f));
    --_sunken: var(--keywright-sunken, light-dark(#f6f6f7, #1f1f24));
    --_border: var(--keywright-border, light-dark(#e4e4e8, #2b2b31));
    --_border-strong: var(--keywright-border-strong, light-dark(#92929c, #6c6c77));

    --_text: var(--keywright-text, light-dark(#18181b, #ececef));
    --_muted: var(--keywright-muted, light-dark(#5e5e69, #a3a3ae));

    /* The main button and its text. */
    --_accent: var(--keywright-accent, light-dark(#18181b, #f4f4f5));
    --_on-accent: var(--keywright-on-accent, light-dark(#fff, #18181b));
    --_link: var(--keywright-link, light-dark(#1d4ed8, #8ab4ff));
    --_focus: var(--keywright-focus, light-dark(#2563eb, #6aa3ff));

    --_positive: var(--keywright-positive, light-dark(#15703a, #5bd690));
    --_positive-soft: var(--keywright-positive-soft, light-dark(#e9f8ef, #12281b));
    --_caution: var(--keywright-caution, light-dark(#8a4b08, #f5c063));
    --_caution-soft: var(--keywright-caution-soft, light-dark(#fff5e0, #2c2110));
    --_danger: var(--keywright-danger, light-dark(#b4231a, #ff8f87));
    --_danger-soft: var(--keywright-danger-soft, light-dark(#fff0ef, #331715));
    --_danger-fill: var(--keywright-danger-fill, light-dark(#c9281e, #d5372d));

    --_radius: var(--keywright-radius, 8px);
    --_radius-large: var(--keywright-radius-large, 12px);
    --_mono: var(
      --keywright-mono,
      ui-monospace,
      SFMono-Regular,
      Menlo,
      Consolas,
      'Liberation Mono',
      monospace
    );
    --_shadow: light-dark(
      0 16px 48px -12px rgb(24 24 27 / 28%),
      0 16px 48px -12px rgb(0 0 0 / 80%)
    );

    box-sizing: border-box;
    color: var(--_text);
    font-family: var(--keywright-font, inherit);
    font-size: 14px;
    font-weight: 400;
    line-height: 1.5;
    -webkit-font-smoothing: antialiased;
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after,
    ::backdrop {
      animation: none !important;
      transition: none !important;
    }
  }
`;
