/** Clock rates may differ by 1%, so each lease is counted that much longer than it is. */
export const RATE_MARGIN = 1.01;
