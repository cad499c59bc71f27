/** A text for each `error` of the management API, and for requests that get no response. */
export const ERROR_TEXTS = {
  'error.network': 'The server did not answer. Check your connection and try again.',
  'error.unexpected': 'The server gave an unexpected answer. Try again.',
  'error.invalid_argument': 'The server refused this: {message}',
  'error.token_entered':
    'This text holds a whole API key. Take the key out: names, reasons and metadata are stored as they are.',
  'error.session_changed':
    'You are signed in as somebody else now. Close this and reload the page.',
  'error.unauthorized': 'You are signed out.',
  'error.forbidden': 'Your account may not do this.',
  'error.cross_site': 'The server refuses changes from this page.',
  'error.scope_not_grantable': 'Your account may not give a key all of these scopes.',
  'error.wrong_code': 'This code is wrong, or has been used.',
  'error.key_not_found': 'This key is not there any more.',
  'error.key_revoked': 'This key has been revoked.',
  'error.key_expired': 'This key has expired. Create a new one.',
  'error.key_replaced': 'This key has been rotated already.',
  'error.quota_reached': 'You have as many keys as you can. Revoke one that you no longer need.',
  'error.idempotency_conflict':
    'The key was made and used already. Close this and look at the list.',
  'error.not_enrolled': 'There is no second factor yet.',
  'error.already_enrolled': 'A second factor is set up already.',
  'error.too_many_attempts': 'Too many wrong codes. Wait before you try again.',
  'error.internal': 'Something went wrong on the server. Try again.',
  'error.unavailable': 'The keys cannot be reached right now. Try again shortly.',
} as const satisfies Record<string, string>;
