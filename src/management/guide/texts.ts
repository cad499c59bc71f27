/**
 * Every text of the page for API consumers, by name.
 *
 * `{name}` stands for what is filled in, `` `text` `` is code and `**text**` is strong; all else is
 * text as it is. A paragraph, step or item whose text is empty is left out.
 */
export const GUIDE_TEXTS = {
  /** The language of the texts, as a BCP 47 tag. */
  language: 'en',

  title: 'Authenticate every request',
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
  yes: 'Yes',
  no: 'No',

  'create.title': 'Create a key',
  'create.open': 'Open {dashboard} and choose **Create key**.',
  'create.secondFactor': 'If you are asked for it, confirm with your second factor.',
  'create.name':
    'Name the key after the program that will use it, such as “Zapier production”. Choose its environment, and an expiry if it is needed for a while only.',
  'create.scopes': 'Give it the scopes that the program needs, and no more.',
  'create.copy':
    'Copy the key. **It is shown this once.** Only a one-way SHA-256 digest of it is kept, so nobody can show it to you again.',
  'create.save':
    'Put it into a secret manager or the environment of the program. The samples below read {variable}.',
  'format.title': 'What a key looks like',
  'format.text':
    'A key begins with a prefix that tells what it opens. {length} characters of `0-9`, `A-Z` and `a-z` follow.',
  'format.checksum':
    'The last {checksumLength} of them are a checksum, by which a mistyped key is told from a real one.',
  'format.table': 'Prefixes and lengths',
  'format.environment': 'Environment',
  'format.sample': 'Key',
  'format.total': 'Length',
  'format.accepted': 'Accepted by this API',
  'format.separate': 'A key works in the environment that it was made for, and in no other.',
  'format.pattern': 'This expression finds keys that have strayed into code or logs:',
  'format.pattern.label': 'Regular expression',

  'send.title': 'Send the key',
  'send.text':
    'Send the key with every request, in the `Authorization` header, with the scheme `Bearer`:',
  'send.header.label': 'Header',
  'send.address': 'In the samples, put the address of the API in the place of {address}.',
  'send.curl': 'curl',
  'send.javascript': 'JavaScript',
  'send.python': 'Python',
  'send.once':
    'Send exactly one `Authorization` header, with nothing after the key. Two are refused, even if they are equal.',
  'send.elsewhere':
    'A key in the address, in the body, in a cookie or in another header is not looked at.',

  'errors.title': 'Errors',
  'errors.text':
    'An answer that refuses a request says why in `error`. Decide by it and by the status; `message` is for people.',
  'errors.table': 'Status codes',
  'errors.status': 'Status',
  'errors.code': 'Error',
  'errors.meaning': 'Meaning',
  'errors.action': 'What to do',
  'errors.answer': 'The answer',
  'unauthorized.title': '{status}: the key is not accepted',
  'unauthorized.meaning': 'There is no key, or not a good one.',
  'unauthorized.action': 'Check the key. Do not repeat the request as it is.',
  'unauthorized.text':
    'Whatever is wrong, the answer is the same, byte for byte: a key that is missing, mistyped, unknown, revoked, expired, disabled or of another environment. So nobody learns from it which keys exist. What has become of a key of yours, {dashboard} tells you.',
  'forbidden.title': '{status}: a scope is missing',
  'forbidden.meaning': 'The key is good, and lacks a scope.',
  'forbidden.action': 'Use a key that has the scope.',
  'forbidden.text':
    'The key was recognized, but may not do this. The header `WWW-Authenticate` names the scopes that the request needs.',
  'forbidden.scopes': 'There are these scopes: {scopes}.',
  'unavailable.title': '{status}: try again',
  'unavailable.meaning': 'Keys cannot be checked right now.',
  'unavailable.action': 'Wait as many seconds as `Retry-After` says, then repeat the request.',
  'unavailable.text':
    'This says nothing about your key. Wait as many seconds as `Retry-After` says and repeat the request; if it fails again, wait longer each time.',

  'rotate.title': 'Rotate without downtime',
  'rotate.text':
    'A rotation gives you a new key beside the old one. Both work until the old one is revoked, so nothing has to change at a given moment.',
  'rotate.start':
    'On {dashboard}, choose **Rotate** next to the key. Copy the new key: it is shown this once.',
  'rotate.deploy':
    'Put the new key in the place of the old one, wherever that is used, and deploy.',
  'rotate.check':
    'Check that the old key is out of use: {dashboard} shows when it was used last, and answers to your programs no longer carry the header `Deprecation`.',
  'rotate.finish':
    'Revoke the old key. If you let it end by itself, it is refused from the time in `Sunset` on.',
  'rotate.headers': 'Answers to a key that has been replaced say so:',
  'rotate.headers.label': 'Headers of an answer to the old key',
  'rotate.deprecation':
    '`Deprecation` is the time of the rotation, in epoch seconds (RFC 9745). `Sunset` is the time at which the key ends, where that is settled (RFC 8594). Log them, and you learn in time which program still uses an old key.',

  'revoke.title': 'Revoke a key',
  'revoke.text':
    'On {dashboard}, choose the trash icon next to the key and confirm. The key is refused from the next request on, and nothing brings it back. It stays in the activity log, which tells who created, rotated or revoked what, and when.',
  'revoke.leak':
    '**If a key has leaked,** revoke it at once and create another. Do not wait for a rotation: whoever has the key can use it until it is revoked. Then look through the activity of the key.',

  'checklist.title': 'Security checklist',
  'checklist.server':
    '**Keep keys on servers.** Whatever runs in a browser or in an app can be read by whoever has it.',
  'checklist.storage':
    '**Keep keys out of code.** Not in a repository, an image, a ticket or a chat; in a secret manager or the environment.',
  'checklist.separate':
    '**One key for each environment and integration.** If one has to be revoked, the others go on.',
  'checklist.scopes': '**Few scopes.** A key that may only read cannot be used to change anything.',
  'checklist.expiry':
    '**An expiry for what is temporary.** A key that nobody remembers then ends by itself.',
  'checklist.transport':
    '**HTTPS only.** Never send a key over plain HTTP, and never put it in an address: addresses are logged.',
  'checklist.logs':
    '**Keep the `Authorization` header out of logs** and out of what you send to error trackers.',
  'checklist.scan': '**Scan for keys.** Have your repositories and logs searched for {prefix}.',
  'checklist.rotate': '**Rotate regularly,** and whenever somebody who had access to a key leaves.',
  'checklist.unused':
    '**Revoke what is not used.** The API keys page shows when a key was used last.',
  'checklist.activity':
    '**Read the activity log.** It tells who created, rotated and revoked which key; look into what nobody can explain.',
};

/** Texts of the page, by their names in {@link GUIDE_TEXTS}. */
export type GuideTexts = Readonly<Record<keyof typeof GUIDE_TEXTS, string>>;
