import type { AmendmentResource } from '../../api/amendments.ts';

/** One field of a row's form. */
export interface Field {
  readonly name: string;
  readonly kind:
    | 'text'
    | 'long'
    | 'number'
    | 'moment'
    | 'day'
    | 'options'
    | 'trip'
    | 'route'
    | 'school'
    | 'area'
    | 'line';
  readonly options?: readonly string[];
  readonly needed?: boolean;
}

const SCOPES = ['platform', 'district', 'operator', 'school', 'route', 'section', 'vehicle'];

/** The fields of each kind of row, in the order in which people say them. */
export const FIELDS: { readonly [resource in AmendmentResource]: readonly Field[] } = {
  dispatch: [
    { name: 'tripId', kind: 'trip', needed: true },
    {
      name: 'action',
      kind: 'options',
      options: ['vehicle', 'driver', 'escort', 'cancel', 'early', 'merge', 'split', 'detour'],
      needed: true,
    },
    { name: 'value', kind: 'text' },
    { name: 'serviceDate', kind: 'day' },
    { name: 'note', kind: 'text' },
  ],
  orders: [
    { name: 'kind', kind: 'options', options: ['ice', 'snow', 'mud', 'low_visibility'], needed: true },
    { name: 'from', kind: 'moment', needed: true },
    { name: 'to', kind: 'moment', needed: true },
    { name: 'limitKmh', kind: 'number' },
    { name: 'district', kind: 'text' },
    { name: 'text', kind: 'long' },
    { name: 'area', kind: 'area' },
  ],
  detours: [
    { name: 'routeId', kind: 'route' },
    { name: 'tripId', kind: 'trip' },
    { name: 'from', kind: 'moment' },
    { name: 'to', kind: 'moment' },
    { name: 'onDispatch', kind: 'options', options: ['0', '1'] },
    { name: 'line', kind: 'line', needed: true },
    { name: 'note', kind: 'text' },
  ],
  excuses: [
    {
      name: 'kind',
      kind: 'options',
      options: ['traffic_control', 'road_works', 'disaster', 'weather', 'crash'],
      needed: true,
    },
    { name: 'from', kind: 'moment', needed: true },
    { name: 'to', kind: 'moment', needed: true },
    { name: 'routeId', kind: 'route' },
    { name: 'tripId', kind: 'trip' },
    { name: 'by', kind: 'text', needed: true },
    { name: 'note', kind: 'text' },
  ],
  'school-calendar': [
    { name: 'date', kind: 'day', needed: true },
    { name: 'kind', kind: 'options', options: ['holiday', 'workday_swap', 'early_dismissal'], needed: true },
    { name: 'value', kind: 'text' },
    { name: 'schoolId', kind: 'school' },
    { name: 'district', kind: 'text' },
    { name: 'note', kind: 'text' },
  ],
  'rule-settings': [
    { name: 'scope', kind: 'options', options: SCOPES, needed: true },
    { name: 'scopeId', kind: 'text' },
    { name: 'rule', kind: 'text', needed: true },
    { name: 'parameter', kind: 'text' },
    { name: 'value', kind: 'text' },
    { name: 'mode', kind: 'options', options: ['live', 'shadow', 'off'] },
    { name: 'validFrom', kind: 'moment' },
    { name: 'validTo', kind: 'moment' },
    { name: 'note', kind: 'text' },
  ],
};

/** The field that says until when a row holds, where it has one. */
export const END_FIELD: { readonly [resource in AmendmentResource]?: string } = {
  orders: 'to',
  detours: 'to',
  excuses: 'to',
  'rule-settings': 'validTo',
};
