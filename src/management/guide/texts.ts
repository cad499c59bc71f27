/**
 * Every text of the guide for API consumers, by name.
 *
 * `{name}` is a placeholder, `` `text` `` is code and `**text**` is bold. All else is plain text. A
 * paragraph, step or item with an empty text is left out.
 */
export const GUIDE_TEXTS = {
  /** The language of the texts, as a BCP 47 tag. */
  language: 'en',

  title: 'Authentication',
  lead: 'Requests to {api} carry an API key. Here is how to get one, send it, replace it without downtime, and keep it safe.',
  'api.named': 'the {brand} API',
  'api.unnamed': 'the API',
  dashboard: 'the API keys page',
  skip: 'Skip to the content',
  links: 'Links',
  contents: 'On this page',
  manage: 'Manage keys',
  docs: 'Documentation',
  markdown: 'This page as Markdown',
  copy: 'Copy',
  copied: 'Copied',

  'create.title': 'Create a key',
  'create.open': 'Open {dashboard} and choose **Create key**.',
  'create.secondFactor': 'If the page asks for it, confirm with your second factor.',
  'create.name':
    'Name the key after the program that will use it, such as “Zapier production”. Choose its environment, and an expiry if it is needed only for a time.',
  'create.scopes': 'Give it the scopes that the program needs, and no more.',
  'create.copy':
    'Copy the key. **It is shown only once.** Only a one-way SHA-256 digest of it is stored, so nobody can show it to you again.',
  'create.save':
    'Put it into a secret manager or the environment of the program. The samples below read {variable}.',
  'format.title': 'What a key looks like',
  'format.text':
    'A key begins with a prefix that names its environment. {length} characters of `0-9`, `A-Z` and `a-z` follow.',
  'format.checksum':
    'The last {checksumLength} of them are a checksum, which detects a mistyped key.',
  'format.environment': 'Environment',
  'format.sample': 'Key',
  'format.total': 'Length',
  'format.address': 'Address',
  'format.separate': 'A key works in the environment that it was made for, and in no other.',
  'format.pattern': 'This expression finds keys in code or logs:',
  'format.pattern.label': 'Regular expression',

  'send.title': 'Send the key',
  'send.text':
    'Send the key with every request, in the `Authorization` header, with the scheme `Bearer`:',
  'send.header.label': 'Header',
  'send.address': 'In the samples, put the address of the API instead of {address}.',
  'send.curl': 'curl',
  'send.javascript': 'JavaScript',
  'send.python': 'Python',
  'send.go': 'Go',
  'send.answer': 'With a valid key, the API answers:',
  'send.answer.label': 'The response to a valid key',
  'send.once':
    'Send exactly one `Authorization` header, with nothing after the key. Two are refused, even if they are equal.',
  'send.elsewhere':
    'A key in the address, in the body, in a cookie or in another header is ignored.',

  'errors.title': 'Errors',
  'errors.text':
    'A response that refuses a request has the reason in `error`. Check it and the status in your program; `message` is for people.',
  'errors.status': 'Status',
  'errors.code': 'Error',
  'errors.meaning': 'Meaning',
  'errors.action': 'What to do',
  'errors.answer': 'The response',
  'unauthorized.title': '{status}: the key is not accepted',
  'unauthorized.meaning': 'There is no key, or not a valid one.',
  'unauthorized.action': 'Check the key. Do not repeat the request as it is.',
  'unauthorized.text':
    'Whatever is wrong, the response is the same, byte for byte: a key that is missing, sent twice or with another scheme than `Bearer`, mistyped, unknown, revoked, expired, disabled or of another environment. So it does not reveal which keys exist. The state of your own keys is on {dashboard}.',
  'forbidden.title': '{status}: a scope is missing',
  'forbidden.meaning': 'The key is valid, but lacks a scope.',
  'forbidden.action': 'Use a key that has the scope.',
  'forbidden.text':
    'The key is valid, but may not do this. The header `WWW-Authenticate` names the scopes that the request needs.',
  'forbidden.scopes': 'There are these scopes: {scopes}.',
  'unavailable.title': '{status}: try again',
  'unavailable.meaning': 'Keys cannot be checked right now.',
  'unavailable.action': 'Wait as many seconds as `Retry-After` says, then repeat the request.',
  'unavailable.text':
    'This says nothing about your key. Wait as many seconds as `Retry-After` says and repeat the request; if it fails again, wait longer each time.',

  'rotate.title': 'Rotate without downtime',
  'rotate.text':
    'A rotation gives you a new key beside the old one. Both work until the old one is revoked, so you can switch at any time.',
  'rotate.start':
    'On {dashboard}, choose **Rotate** next to the key. Copy the new key: it is shown only once.',
  'rotate.deploy': 'Replace the old key with the new one everywhere, and deploy.',
  'rotate.check':
    'Check that the old key is no longer used: {dashboard} shows when it was used last, and responses to your programs no longer have the header `Deprecation`.',
  'rotate.finish':
    'Revoke the old key. If you let it end by itself, it is refused from the time in `Sunset`.',
  'rotate.headers': 'Responses to a key that has been replaced have these headers:',
  'rotate.headers.label': 'Headers of a response to the old key',
  'rotate.deprecation':
    '`Deprecation` is the time of the rotation, in epoch seconds (RFC 9745). `Sunset` is the time at which the key ends, if that is set (RFC 8594). Log them to find out in time which program still uses an old key.',

  'revoke.title': 'Revoke a key',
  'revoke.text':
    'On {dashboard}, choose the trash icon next to the key and confirm. The key is refused from the next request on, permanently. It stays in the activity log, which shows who created, rotated or revoked what, and when.',
  'revoke.leak':
    '**If a key has leaked,** revoke it at once and create another. Do not wait for a rotation: whoever has the key can use it until it is revoked. Then check the activity of the key.',

  'checklist.title': 'Security checklist',
  'checklist.server':
    '**Keep keys on servers.** Users can read everything in a browser or in an app.',
  'checklist.storage':
    '**Keep keys in a secret manager** or the environment of the program: never in code, an image, a ticket or a chat.',
  'checklist.separate':
    '**One key for each environment and integration.** If you must revoke one, the others still work.',
  'checklist.scopes': '**Few scopes.** A key that may only read cannot be used to change anything.',
  'checklist.secondFactor':
    '**Turn on two-factor authentication.** Then a stolen session alone cannot create or show a key.',
  'checklist.expiry': '**An expiry for temporary keys.** Then a forgotten key ends by itself.',
  'checklist.transport':
    '**HTTPS only.** Never send a key over plain HTTP, and never put it in an address: addresses are logged.',
  'checklist.logs':
    '**Keep the `Authorization` header out of logs** and out of what you send to error trackers.',
  'checklist.scan': '**Scan for keys.** Have your repositories and logs searched for {prefix}.',
  'checklist.rotate': '**Rotate regularly,** and whenever somebody who had access to a key leaves.',
  'checklist.unused': '**Revoke unused keys.** The API keys page shows when a key was used last.',
  'checklist.activity':
    '**Read the activity log.** It shows who created, rotated and revoked which key. Investigate events that nobody can explain.',
};

/** Texts of the guide, by their names in {@link GUIDE_TEXTS}. */
export type GuideTexts = Readonly<Record<keyof typeof GUIDE_TEXTS, string>>;
