/** The stylesheet of the guide: light, dark, narrow and printed. */
export const STYLE = `:root {
  color-scheme: light dark;
  --surface: light-dark(#fff, #0d0d0f);
  --raised: light-dark(#fafafa, #151518);
  --code: light-dark(#f6f6f7, #1a1a1e);
  --border: light-dark(#e6e6ea, #2a2a30);
  --strong: light-dark(#18181b, #f2f2f4);
  --text: light-dark(#3b3b44, #c6c6cf);
  --muted: light-dark(#5e5e69, #a3a3ae);
  --link: light-dark(#1d4ed8, #8ab4ff);
  --caution: light-dark(#8a4b08, #f5c063);
  --caution-soft: light-dark(#fff7e6, #241c0e);
  --positive: light-dark(#15703a, #5bd690);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  background: var(--surface);
  color: var(--text);
  font: 16px/1.65 -apple-system, BlinkMacSystemFont, "Segoe UI", Inter, Roboto, "Helvetica Neue",
    Arial, sans-serif;
  -webkit-font-smoothing: antialiased;
  -webkit-text-size-adjust: 100%;
  scroll-padding-top: 24px;
}

*, ::before, ::after { box-sizing: border-box; }

body { margin: 0; overflow-wrap: break-word; }

a { color: var(--link); text-underline-offset: 3px; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }

.skip { position: absolute; inset-inline-start: 16px; top: -100px; padding: 8px 16px; border-radius: 8px; }
.skip:focus { top: 12px; z-index: 1; background: var(--strong); color: var(--surface); }

body > header {
  display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between;
  gap: 4px 24px; padding: 14px 32px; border-bottom: 1px solid var(--border);
}
.brand { margin: 0; min-width: 0; color: var(--strong); font-weight: 600; overflow-wrap: anywhere; }
header nav { display: flex; flex-wrap: wrap; gap: 4px 24px; font-size: 14px; }
header nav a { padding: 4px 0; color: var(--text); font-weight: 500; text-decoration: none; }
header nav a:hover { color: var(--strong); text-decoration: underline; }

main {
  display: grid; grid-template-columns: 208px minmax(0, 736px); justify-content: center;
  column-gap: 72px; padding: 56px 32px 40px;
}
main > * { grid-column: 2; min-width: 0; }
/* Spans all rows of the page: 99 is more than there are. */
.contents {
  position: sticky; top: 40px; grid-area: 1 / 1 / span 99; align-self: start;
  font-size: 14px; line-height: 1.45;
}
.contents p {
  margin: 0 0 8px; color: var(--strong); font-weight: 600;
}
.contents ol { margin: 0; padding: 0; list-style: none; border-inline-start: 1px solid var(--border); }
.contents a {
  display: block; margin-inline-start: -1px; padding-block: 5px; padding-inline-start: 16px;
  border-inline-start: 1px solid transparent; color: var(--muted); text-decoration: none;
}
.contents a:hover { border-color: var(--strong); color: var(--strong); }

h1, h2, h3 { color: var(--strong); line-height: 1.25; text-wrap: balance; }
h1 { margin: 0 0 16px; font-size: 38px; font-weight: 680; letter-spacing: -0.022em; }
h2 { margin: 0 0 16px; font-size: 25px; font-weight: 650; letter-spacing: -0.014em; }
h3 { margin: 40px 0 12px; font-size: 18px; font-weight: 620; letter-spacing: -0.006em; }
.lead { margin: 0; color: var(--muted); font-size: 19px; line-height: 1.55; text-wrap: pretty; }
section { margin-top: 56px; padding-top: 48px; border-top: 1px solid var(--border); }

p, ol, ul { margin: 0 0 16px; }
strong { color: var(--strong); font-weight: 620; }
section ul, section ol { padding-inline-start: 22px; }
section li { margin: 6px 0; padding-inline-start: 4px; }
section li::marker { color: var(--muted); }

section .steps { padding: 0; list-style: none; counter-reset: step; }
section .steps li { position: relative; margin: 0; padding-block: 1px 16px; padding-inline-start: 44px; counter-increment: step; }
.steps li::before {
  content: counter(step); position: absolute; inset-inline-start: 0; top: 1px; width: 26px; height: 26px;
  border: 1px solid var(--border); border-radius: 50%; background: var(--raised);
  color: var(--strong); font-size: 13px; font-weight: 600; line-height: 24px; text-align: center;
}
.steps li:not(:last-child)::after {
  content: ""; position: absolute; inset-inline-start: 12.5px; top: 27px; bottom: -1px; width: 1px;
  background: var(--border);
}

section .checklist { padding: 0; list-style: none; }
section .checklist li {
  position: relative; margin: 0; padding-block: 12px; padding-inline-start: 36px; border-top: 1px solid var(--border);
}
section .checklist li:first-child { border-top: 0; }
.checklist li::before {
  content: ""; position: absolute; inset-inline-start: 0; top: 16px; width: 18px; height: 18px;
  border: 1.5px solid var(--positive); border-radius: 5px;
}
.checklist li::after {
  content: ""; position: absolute; inset-inline-start: 6px; top: 19px; width: 6px; height: 10px;
  border: solid var(--positive); border-width: 0 1.75px 1.75px 0; transform: rotate(42deg);
}

.note {
  padding: 14px 18px; border: 1px solid color-mix(in srgb, var(--caution) 28%, transparent);
  border-radius: 10px; background: var(--caution-soft);
}
.note strong { color: var(--caution); }

code { font-family: var(--mono); font-size: 0.875em; }
:not(pre) > code {
  padding: 2px 5px; border: 1px solid var(--border); border-radius: 5px; background: var(--code);
  color: var(--strong); overflow-wrap: anywhere;
}

figure {
  margin: 20px 0; overflow: hidden; border: 1px solid var(--border); border-radius: 10px;
  background: var(--code);
}
figcaption {
  display: flex; align-items: center; justify-content: space-between; gap: 12px;
  min-height: 40px; padding: 4px 8px 4px 16px; border-bottom: 1px solid var(--border); background: var(--raised);
  color: var(--muted); font-size: 13px; font-weight: 500;
}
figcaption button {
  min-height: 30px; padding: 0 10px; border: 1px solid var(--border); border-radius: 7px;
  background: var(--surface); color: var(--text); font: inherit; cursor: pointer;
}
figcaption button:hover { color: var(--strong); border-color: var(--muted); }
pre { margin: 0; padding: 14px 16px; overflow-x: auto; font-size: 15.5px; line-height: 1.6; }
pre:focus-visible { outline-offset: -2px; border-radius: 0 0 9px 9px; }
pre code { color: var(--strong); }
.http pre, .text pre { white-space: pre-wrap; overflow-wrap: anywhere; }

.table { margin: 20px 0; overflow-x: auto; border: 1px solid var(--border); border-radius: 10px; }
table { width: 100%; border-collapse: collapse; font-size: 15px; line-height: 1.5; }
th, td { padding: 10px 16px; text-align: start; vertical-align: top; }
thead th {
  background: var(--raised); color: var(--muted); font-size: 13px; font-weight: 500;
  white-space: nowrap;
}
tbody tr { border-top: 1px solid var(--border); }
tbody th { color: var(--strong); font-weight: 600; white-space: nowrap; }
td code { white-space: nowrap; }

footer { padding: 24px 32px 56px; font-size: 14px; text-align: center; }

@media (width < 1020px) {
  main { grid-template-columns: minmax(0, 736px); padding-top: 40px; }
  main > * { grid-column: 1; }
  .contents {
    position: static; grid-area: auto / 1; align-self: auto; margin-top: 32px; padding: 16px 20px;
    border: 1px solid var(--border); border-radius: 10px; background: var(--raised);
  }
  .contents ol { border: 0; columns: 200px; }
  .contents a { margin: 0; padding-inline-start: 0; border: 0; }
}

@media (width < 600px) {
  body > header { padding: 12px 20px; }
  main { padding: 32px 20px 24px; }
  table { min-width: 544px; }
  th, td { padding: 10px 12px; }
  h1 { font-size: 30px; }
  h2 { font-size: 22px; }
  .lead { font-size: 17px; }
  section { margin-top: 40px; padding-top: 36px; }
  pre { font-size: 14px; }
}

@media (forced-colors: active) {
  .checklist li::before, .checklist li::after { border-color: CanvasText; }
}

@media print {
  :root { color-scheme: light; font-size: 10.5pt; line-height: 1.5; }
  figcaption button, .skip, .contents, body > header nav, footer { display: none; }
  body > header { padding: 0 0 8pt; }
  main { display: block; padding: 18pt 0 0; }
  h1 { font-size: 22pt; }
  h2 { font-size: 15pt; }
  h3 { font-size: 12pt; }
  .lead { font-size: 12pt; }
  section { margin-top: 18pt; padding-top: 16pt; }
  h2, h3, figcaption, thead { break-after: avoid; }
  figure, .note, li, tr { break-inside: avoid; }
  pre { font-size: 9pt; white-space: pre-wrap; overflow-wrap: anywhere; }
  main a[href^="http"]::after { content: " (" attr(href) ")"; overflow-wrap: anywhere; }
}
`;
