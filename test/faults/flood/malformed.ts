const BODY = 'A'.repeat(55);

/** Ways to be no token, each a hair's breadth from one or far from it. */
const FORMS: readonly ((i: number) => string)[] = [
  (i) => `prn_live_${i}`,
  (i) => `prn_live_${BODY}${i}`,
  (i) => `prn_prod_${String(i).padStart(55, '0')}`,
  (i) => `acme_live_${String(i).padStart(55, '0')}`,
  (i) => `PRN_live_${String(i).padStart(55, '0')}`,
  (i) => `prn-live-${String(i).padStart(55, '0')}`,
  (i) => `prn_live_${String(i).padStart(54, '0')}_`,
  (i) => `prn_live_${String(i).padStart(54, '0')}.`,
  (i) => `${BODY}${i}`,
  (i) => String(i).repeat(40),
];

/** A token that is malformed; another for each number. */
export function malformed(i: number): string {
  return FORMS[i % FORMS.length]?.(i) ?? '';
}
