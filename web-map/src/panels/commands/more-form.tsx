import { Button, Select } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import type { CommandKindView, TerminalCommandRequest } from '../../../../services/api/contract.ts';
import { api } from '../../api/client.ts';
import { useWords } from '../../i18n/language.ts';
import type { Send } from './bus-commands.tsx';
import { completed, type FieldSchema, isComplete, SchemaForm, type Values } from './schema-form.tsx';
import { useTerminalParameters } from './use-terminal-parameters.ts';

/** These have forms of their own, or take what nobody writes by hand. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'text',
  'photo',
  'call_back',
  'locate',
  'track',
  'plan_areas',
  'set_areas',
  'write_parameters',
]);
/** Refused unless the bus stands. */
const STANDING: ReadonlySet<string> = new Set(['control_doors', 'cut_supply']);

/** Everything else that this login may send to a terminal of this edition, its form made of its schema. */
export function MoreForm({ phone, plate, send }: { phone: string; plate: string; send: Send }) {
  const { words } = useWords();
  const said = words.commands;
  const kinds = useKinds();
  const version = useTerminalParameters(phone)?.version;
  const [chosen, setChosen] = useState<CommandKindView | null>(null);
  const [values, setValues] = useState<Values>({});
  const groups = useMemo(() => {
    const offered = kinds.filter(
      ({ type, editions }) => !ELSEWHERE.has(type) && (version === undefined || editions.includes(version)),
    );
    return [...new Set(offered.map(({ group }) => group))].map((group) => ({
      label: said.groups[group],
      options: offered
        .filter((kind) => kind.group === group)
        .map(({ type }) => ({ value: type, label: said.kinds[type] })),
    }));
  }, [kinds, version, said]);
  const schema = (chosen?.schema ?? {}) as FieldSchema;
  const submit = async () => {
    if (!chosen) return;
    const request = { type: chosen.type, ...completed(schema, values) } as TerminalCommandRequest;
    if (await send(request)) setValues({});
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Select<CommandKindView['type']>
        value={chosen?.type ?? null}
        placeholder={said.moreWhat}
        aria-label={said.moreWhat}
        options={groups}
        // Twenty of them: drawn at once they can be found by the page's search and by readers.
        virtual={false}
        onChange={(type) => {
          setChosen(kinds.find((kind) => kind.type === type) ?? null);
          setValues({});
        }}
      />
      {chosen && (
        <>
          <SchemaForm key={chosen.type} schema={schema} values={values} change={setValues} />
          {schema.properties?.confirm && <p className="command-warning">{said.confirmHint(plate)}</p>}
          {STANDING.has(chosen.type) && <p className="command-hint">{said.standingHint}</p>}
          <div className="command-row">
            <Button
              type="primary"
              htmlType="submit"
              danger={chosen.right === 'control'}
              disabled={!isComplete(schema, values)}
            >
              {said.send}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}

function useKinds(): readonly CommandKindView[] {
  const [kinds, setKinds] = useState<readonly CommandKindView[]>([]);
  useEffect(() => {
    let ended = false;
    void api.commandKinds().then((answer) => {
      if (!ended && answer.ok) setKinds(answer.value.items);
    });
    return () => {
      ended = true;
    };
  }, []);
  return kinds;
}
