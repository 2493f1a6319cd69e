/** Words of the live map's own tools: filter, list, keyboard and measuring. */
export const fleetEn = {
  filter: {
    open: 'Filter',
    title: 'Show only',
    active: (n: number) => `Filter: ${n} in force`,
    count: (shown: number, of: number) => `${shown} of ${of} buses`,
    any: 'All',
    clear: 'Show all buses',
    kinds: {
      districts: 'District',
      providers: 'Operator',
      schools: 'School',
      routes: 'Route',
      states: 'State',
      alerts: 'Under alert',
    },
  },
  list: {
    hint: 'Arrow keys go from bus to bus, Enter opens one.',
    rows: (shown: number, of: number) => (shown === of ? `${of} buses` : `${shown} of ${of} buses`),
    alert: 'Alert',
    school: 'School',
    sortBy: (column: string) => `Sort by ${column}`,
  },
  keys: {
    hint: 'N and P go from bus to bus in view, Enter opens one, Escape leaves it.',
    pointed: (name: string, state: string, place: number, of: number) =>
      `${name}, ${state}. ${place} of ${of} in view.`,
    none: 'No bus in view by itself. Zoom in, or use the list.',
  },
  measure: {
    start: 'Measure a distance',
    title: 'Measuring',
    hint: 'Click along the way. On the keyboard, Enter sets a point in the middle of the map.',
    total: (text: string) => `${text} in all`,
    last: (text: string) => `last part ${text}`,
    undo: 'Take back the last point',
    clear: 'Start again',
    done: 'End measuring',
    metres: (n: number) => `${n} m`,
    kilometres: (text: string) => `${text} km`,
  },
};
