/** A report as it is printed or filled into a sheet, in one language; both are made of this and nothing else. */
export interface ReportDocument {
  readonly title: string;
  /** Who, when, of what: one line each. */
  readonly about: readonly string[];
  readonly tables: readonly ReportTable[];
  /** Said below: what the figures mean. */
  readonly notes: readonly string[];
}

export interface ReportTable {
  readonly title: string;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Drawn above the table on paper: each column of figures as a line over the rows. */
  readonly chart?: ReportChart;
  /** Rows that were left out. */
  readonly more?: string;
}

export interface ReportColumn {
  readonly title: string;
  readonly kind: 'text' | 'number' | 'percent';
  /** Parts of the width that it takes on paper; 1 unless given. */
  readonly width?: number;
}

export interface ReportChart {
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  readonly percent: boolean;
}
