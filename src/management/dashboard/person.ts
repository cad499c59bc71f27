/** What to call an actor: by name or address where the host gives them, and else by id. */
export function personName(actor: {
  readonly id: string;
  readonly [detail: string]: unknown;
}): string {
  const { name, email, id } = actor;
  return (
    [name, email].find((text): text is string => typeof text === 'string' && text !== '') ?? id
  );
}
