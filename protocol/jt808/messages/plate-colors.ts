/** Plate colours: JT/T 415-2006 5.4.12 and, since 2019, JT/T 697.7-2014 5.6. */
export const PLATE_COLORS = {
  0: 'no plate: the plate field has the VIN',
  1: 'blue',
  2: 'yellow',
  3: 'black',
  4: 'white',
  5: 'green',
  9: 'other',
  91: 'farm yellow',
  92: 'farm green',
  93: 'yellow and green',
  94: 'gradient green',
} as const;
