/** CSV text (RFC 4180) of a header and its rows; null is an empty cell. */
export function csvText(header: string, rows: readonly (readonly (string | number | null)[])[]): string {
  return `${header}\n${rows.map((row) => row.map(cell).join(',')).join('\n')}${rows.length > 0 ? '\n' : ''}`;
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
