import { SETTINGS } from './settings.ts';

/** Where people sign in and out. */
export const SIGN_IN = '/app/sign-in';
export const SIGN_OUT = '/app/sign-out';

const STYLE = `:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif;
  background: light-dark(#fbfbfc, #0d0d0f); color: light-dark(#18181b, #ececef); }
body { max-width: 720px; margin: 0 auto; padding: 48px 24px; }
h1 { font-size: 32px; letter-spacing: -0.02em; margin: 0 0 8px; }
h2 { font-size: 15px; margin: 32px 0 8px; }
p { color: light-dark(#5e5e69, #a3a3ae); margin: 0 0 16px; }
nav a { display: block; padding: 14px 16px; border: 1px solid light-dark(#e4e4e8, #2b2b31);
  border-radius: 10px; margin-bottom: 8px; background: light-dark(#fff, #141417);
  color: inherit; text-decoration: none; }
nav a:hover { border-color: currentColor; }
nav strong { display: block; }
nav span { color: light-dark(#5e5e69, #a3a3ae); font-size: 14px; }
button { min-height: 40px; padding: 0 18px; border: 0; border-radius: 8px; font: inherit;
  font-weight: 500; background: light-dark(#18181b, #f4f4f5); color: light-dark(#fff, #18181b);
  cursor: pointer; }
:focus-visible { outline: 2px solid light-dark(#2563eb, #6aa3ff); outline-offset: 2px; }`;

const DOCS = link(
  `${SETTINGS}/guide`,
  'Authentication',
  'How programs send a key to the ProoN API',
);

/** The home page of ProoN: a sign-in, or the settings of the person who is signed in. */
export function homePage(userName: string | undefined): string {
  const content =
    userName === undefined
      ? `<p>Reports for your orders, by API.</p>
<form method="post" action="${SIGN_IN}"><button>Sign in as Ada</button></form>
<h2>Documentation</h2>
<nav aria-label="Documentation">${DOCS}</nav>`
      : `<p>Signed in as ${userName}.</p>
<h2>Settings</h2>
<nav aria-label="Settings">
${link(`${SETTINGS}/#keys`, 'API keys', 'Create, rotate and revoke keys')}
${link(`${SETTINGS}/#activity`, 'Account activity', 'Who did what and when')}
${link(`${SETTINGS}/#security`, 'Security', 'Two-factor authentication')}
</nav>
<h2>Documentation</h2>
<nav aria-label="Documentation">${DOCS}</nav>
<form method="post" action="${SIGN_OUT}"><button>Sign out</button></form>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ProoN</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body><main><h1>ProoN</h1>
${content}
</main></body>
</html>
`;
}

function link(href: string, title: string, text: string): string {
  return `<a href="${href}"><strong>${title}</strong><span>${text}</span></a>`;
}
