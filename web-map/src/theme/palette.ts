import type { BusState } from '../fleet/bus-state.ts';

/** Every colour of the pages and the map, once for each theme. Text colours keep a contrast of 4.5 to 1 on `surface`. */
export interface Palette {
  readonly name: 'light' | 'dark';
  readonly primary: string;
  /** Under the pointer; as easy to read as `primary`. */
  readonly primaryHover: string;
  readonly page: string;
  readonly surface: string;
  readonly raised: string;
  readonly line: string;
  readonly text: string;
  readonly quiet: string;
  readonly good: string;
  readonly warn: string;
  readonly bad: string;
  readonly severity: { readonly P1: string; readonly P2: string; readonly P3: string };
  readonly severityTint: { readonly P1: string; readonly P2: string; readonly P3: string };
  readonly bus: { readonly [state in BusState]: string };
  readonly map: {
    readonly land: string;
    readonly water: string;
    readonly waterText: string;
    readonly park: string;
    readonly built: string;
    readonly roadCase: string;
    readonly roadMajor: string;
    readonly roadMiddle: string;
    readonly roadMinor: string;
    readonly rail: string;
    readonly place: string;
    readonly label: string;
    readonly halo: string;
    readonly stop: string;
    readonly school: string;
    readonly track: string;
    readonly route: readonly string[];
    readonly fence: { readonly [kind: string]: string };
  };
}

export const light: Palette = {
  name: 'light',
  primary: '#1a5fc4',
  primaryHover: '#164fa6',
  page: '#eef1f5',
  surface: '#ffffff',
  raised: '#f6f8fa',
  line: '#dde3ea',
  text: '#18222f',
  quiet: '#56647a',
  good: '#0b7a50',
  warn: '#9a5b00',
  bad: '#c0242b',
  severity: { P1: '#c8202a', P2: '#b84e00', P3: '#7a6200' },
  severityTint: { P1: '#fdecec', P2: '#fdf0e4', P3: '#fbf5dc' },
  bus: {
    onRoute: '#0f9964',
    stopped: '#3a7bd9',
    late: '#8a4fd6',
    offDuty: '#5f7288',
    alertP1: '#dc2a32',
    alertP2: '#e8720c',
    alertP3: '#cfa40a',
    stale: '#a3adb9',
    noFix: '#a3adb9',
  },
  map: {
    land: '#ebede8',
    water: '#b9d7ea',
    waterText: '#3c6d8c',
    park: '#d3e6c8',
    built: '#e2e2dc',
    roadCase: '#c6c8c4',
    roadMajor: '#fbe3a6',
    roadMiddle: '#ffffff',
    roadMinor: '#ffffff',
    rail: '#bcbcc4',
    place: '#3d4756',
    label: '#18222f',
    halo: '#ffffff',
    stop: '#2c4a74',
    school: '#8c3b12',
    track: '#1a5fc4',
    route: ['#2b6cb0', '#2f855a', '#b7791f', '#97266d', '#2c7a7b', '#6b46c1', '#c05621', '#4a5568'],
    fence: {
      school: '#2f855a',
      depot: '#4a5568',
      forbidden: '#c53030',
      danger_section: '#dd6b20',
      speed_zone: '#805ad5',
    },
  },
};

export const dark: Palette = {
  name: 'dark',
  primary: '#6ea8ff',
  primaryHover: '#8cbaff',
  page: '#0e141b',
  surface: '#17202a',
  raised: '#1e2934',
  line: '#2d3a48',
  text: '#e6ecf3',
  quiet: '#9dabbb',
  good: '#4fd69c',
  warn: '#f0b44c',
  bad: '#ff8a8a',
  severity: { P1: '#ff7b7b', P2: '#ffa45c', P3: '#e8cb55' },
  severityTint: { P1: '#3a1f24', P2: '#38281b', P3: '#322d18' },
  bus: {
    onRoute: '#22b67c',
    stopped: '#5b9bf5',
    late: '#a878f0',
    offDuty: '#8496aa',
    alertP1: '#ef4a50',
    alertP2: '#f58a2b',
    alertP3: '#e0b723',
    stale: '#657383',
    noFix: '#657383',
  },
  map: {
    land: '#141b22',
    water: '#16303f',
    waterText: '#7fb0cc',
    park: '#18281f',
    built: '#1a222a',
    roadCase: '#0f151b',
    roadMajor: '#4b4632',
    roadMiddle: '#303b47',
    roadMinor: '#26303a',
    rail: '#3b4450',
    place: '#b4c0ce',
    label: '#f0f4f8',
    halo: '#10161c',
    stop: '#a9c3e6',
    school: '#f0b48c',
    track: '#6ea8ff',
    route: ['#63a4e8', '#5cc48d', '#e0ae57', '#df7fb7', '#5bc0c0', '#a78bf0', '#f0925c', '#9aa8b8'],
    fence: {
      school: '#48bb78',
      depot: '#8a99ab',
      forbidden: '#fc6b6b',
      danger_section: '#f6935a',
      speed_zone: '#b094f0',
    },
  },
};
