/** Memoizes `make` for each object, without keeping the object alive. */
export function oncePer<Subject extends object, Made>(
  make: (subject: Subject) => Made,
): (subject: Subject) => Made {
  const made = new WeakMap<Subject, Made>();
  return (subject) => {
    const known = made.get(subject);
    if (known !== undefined) return known;
    const fresh = make(subject);
    made.set(subject, fresh);
    return fresh;
  };
}
