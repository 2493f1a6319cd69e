import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { AutoComplete, Button, Input, Select } from 'antd';
import type { AmendmentList } from '../../../../services/api/contract.ts';
import { useWords } from '../../i18n/language.ts';

/** A setting as it is being written. */
export interface Draft {
  readonly key: number;
  readonly scope: string;
  readonly scopeId: string;
  readonly rule: string;
  readonly parameter: string;
  readonly value: string;
}

export type Defaults = NonNullable<AmendmentList['defaults']>;

const SCOPES = ['platform', 'district', 'operator', 'school', 'route', 'section', 'vehicle'];
/** Of a rule as a whole: taken out. */
export const WHOLE_RULE = '';

export const newDraft = (key: number): Draft => ({
  key,
  scope: 'platform',
  scopeId: '',
  rule: 'speeding',
  parameter: 'other_road_kmh',
  value: '',
});

/** The settings that are to be tried: for whom, which number of which rule, and how much. */
export function SettingsEditor(props: {
  drafts: readonly Draft[];
  defaults: Defaults;
  idsOf: (scope: string) => readonly { value: string; label: string }[];
  onChange: (drafts: readonly Draft[]) => void;
}) {
  const { drafts, defaults, idsOf, onChange } = props;
  const { words } = useWords();
  const named: { readonly [rule: string]: string | undefined } = words.rules;
  const rules = [...new Set(defaults.map(({ rule }) => rule))].map((value) => ({
    value,
    label: named[value] ?? value,
  }));
  const change = (key: number, part: Partial<Draft>) =>
    onChange(drafts.map((draft) => (draft.key === key ? { ...draft, ...part } : draft)));
  return (
    <div className="drafts">
      {drafts.map((draft) => {
        const ofRule = defaults.filter(({ rule }) => rule === draft.rule);
        const standard = ofRule.find(({ parameter }) => parameter === draft.parameter)?.value;
        return (
          <div className="draft" key={draft.key}>
            <Select
              aria-label={words.day.fields.scope}
              value={draft.scope}
              onChange={(scope) => change(draft.key, { scope, scopeId: '' })}
              options={SCOPES.map((value) => ({
                value,
                label: words.day.options[value] ?? words.day.fields[value] ?? words.bus.vehicle,
              }))}
            />
            {draft.scope !== 'platform' && (
              <AutoComplete
                aria-label={words.day.fields.scopeId}
                value={draft.scopeId}
                onChange={(scopeId) => change(draft.key, { scopeId })}
                options={[...idsOf(draft.scope)]}
                placeholder={words.day.fields.scopeId}
              />
            )}
            <Select
              aria-label={words.day.fields.rule}
              value={draft.rule}
              showSearch={{ optionFilterProp: 'label' }}
              onChange={(rule) =>
                change(draft.key, {
                  rule,
                  parameter: defaults.find((one) => one.rule === rule)?.parameter ?? WHOLE_RULE,
                  value: '',
                })
              }
              options={rules}
            />
            <Select
              aria-label={words.day.fields.parameter}
              value={draft.parameter}
              showSearch
              onChange={(parameter) => change(draft.key, { parameter, value: '' })}
              options={[
                { value: WHOLE_RULE, label: `${words.whatIf.wholeRule}: ${words.day.options.off}` },
                ...ofRule.map(({ parameter }) => ({ value: parameter, label: parameter })),
              ]}
            />
            {draft.parameter !== WHOLE_RULE && (
              <Input
                aria-label={words.day.fields.value}
                value={draft.value}
                onChange={(event) => change(draft.key, { value: event.target.value })}
                placeholder={words.whatIf.standard(String(standard ?? ''))}
              />
            )}
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={words.whatIf.remove}
              disabled={drafts.length === 1}
              onClick={() => onChange(drafts.filter((one) => one.key !== draft.key))}
            />
          </div>
        );
      })}
      <Button
        type="dashed"
        icon={<PlusOutlined />}
        onClick={() => onChange([...drafts, newDraft(Math.max(...drafts.map((draft) => draft.key)) + 1)])}
      >
        {words.whatIf.addSetting}
      </Button>
    </div>
  );
}
