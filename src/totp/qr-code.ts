import { encodeQR } from 'qr';

/** White modules around the code, as ISO/IEC 18004 requires. */
const QUIET_ZONE = 4;

/** Renders a text as a QR code: an SVG document, black on white on any page. */
export function qrCodeOf(text: string): string {
  const rows = encodeQR(text, 'raw', { border: QUIET_ZONE });
  const { length } = rows;
  const path = rows.map((row, y) => runsOf(row, y)).join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${length} ${length}"`,
    ' shape-rendering="crispEdges">',
    `<path fill="#fff" d="M0 0h${length}v${length}H0z"/>`,
    `<path fill="#000" d="${path}"/></svg>`,
  ].join('');
}

/** A rectangle for each run of black modules. */
function runsOf(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x++) {
    const start = x;
    while (row[x]) x++;
    if (x > start) path += `M${start} ${y}h${x - start}v1H${start}z`;
  }
  return path;
}
