import './fleet-filter.css';
import { FilterOutlined } from '@ant-design/icons';
import { Button, Popover, Select } from 'antd';
import { useMemo } from 'react';
import { BUS_STATES } from '../fleet/bus-state.ts';
import { FILTER_KINDS, type FilterKind } from '../fleet/fleet-filter.ts';
import { useWords } from '../i18n/language.ts';
import { chooseFilter, clearFilter, countShown, fleetFilter } from '../state/filter.ts';
import { buses, fleetVersion } from '../state/fleet.ts';
import { plan, register } from '../state/plan.ts';
import { useStore } from '../state/store.ts';

/** Which buses map and list show: a button that says so, and what is chosen behind it. */
export function FleetFilterButton() {
  const { words } = useWords();
  const filter = useStore(fleetFilter);
  useStore(fleetVersion);
  const count = FILTER_KINDS.filter((kind) => filter[kind].length > 0).length;
  return (
    <div className="fleet-filter">
      <Popover trigger="click" placement="bottomLeft" content={<Choices />} destroyOnHidden>
        <Button
          icon={<FilterOutlined />}
          type={count > 0 ? 'primary' : 'default'}
          aria-label={count > 0 ? words.fleet.filter.active(count) : words.fleet.filter.open}
          data-testid="filter"
        >
          {words.fleet.filter.open}
          {count > 0 && ` · ${count}`}
        </Button>
      </Popover>
      {count > 0 && (
        <span className="fleet-filter-said" role="status">
          {words.fleet.filter.count(countShown(), buses.size)}
          <Button type="link" size="small" onClick={clearFilter}>
            {words.fleet.filter.clear}
          </Button>
        </span>
      )}
    </div>
  );
}

function Choices() {
  const { words } = useWords();
  const filter = useStore(fleetFilter);
  const options = useOptions();
  return (
    <div className="fleet-filter-form">
      <h2>{words.fleet.filter.title}</h2>
      {FILTER_KINDS.filter((kind) => options[kind].length > 0).map((kind) => (
        <div key={kind} className="fleet-filter-row">
          <label htmlFor={`filter-${kind}`}>{words.fleet.filter.kinds[kind]}</label>
          <Select
            id={`filter-${kind}`}
            mode="multiple"
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            maxTagCount="responsive"
            placeholder={words.fleet.filter.any}
            value={[...filter[kind]] as string[]}
            onChange={(values: string[]) => chooseFilter(kind, values)}
            options={options[kind]}
            data-testid={`filter-${kind}`}
          />
        </div>
      ))}
    </div>
  );
}

type Options = Record<FilterKind, { value: string; label: string }[]>;

/** What there is to choose from: what the register and the plan name. */
function useOptions(): Options {
  const { words } = useWords();
  const known = useStore(register);
  const { geometry } = useStore(plan);
  return useMemo(() => {
    const named = new Map<string, string>();
    const districts = new Set<string>();
    for (const { district, operator, operatorName } of known.values()) {
      if (district) districts.add(district);
      if (operator) named.set(operator, operatorName ?? operator);
    }
    const features = (of: 'routes' | 'schools') => [
      ...new Map((geometry?.[of].features ?? []).map(({ properties: { id, name } }) => [id, name])),
    ];
    return {
      districts: sorted([...districts].map((id) => [id, id])),
      providers: sorted([...named]),
      schools: sorted(features('schools')),
      routes: sorted(features('routes')),
      states: BUS_STATES.map((state) => ({ value: state, label: words.busState[state] })),
      alerts: (['P1', 'P2', 'P3'] as const).map((severity) => ({
        value: severity,
        label: words.alerts.severityLong[severity],
      })),
    };
  }, [known, geometry, words]);
}

function sorted(entries: [string, string][]): { value: string; label: string }[] {
  const collator = new Intl.Collator('zh-CN', { numeric: true });
  return entries
    .map(([value, label]) => ({ value, label }))
    .sort((a, b) => collator.compare(a.label, b.label));
}
