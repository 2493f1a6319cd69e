import { Button, Skeleton } from 'antd';
import { useWords } from '../../i18n/language.ts';
import type { Send } from './bus-commands.tsx';
import { useTerminalParameters } from './use-terminal-parameters.ts';

/** What of the plan the terminal would watch by itself, and the button that gives it. */
export function AreasForm({ phone, send }: { phone: string; send: Send }) {
  const { words } = useWords();
  const said = words.commands;
  const view = useTerminalParameters(phone);
  if (!view) return <Skeleton active paragraph={{ rows: 2 }} title={false} />;
  const { plan } = view;
  const areas = plan ? plan.circles + plan.rectangles + plan.polygons : 0;
  if (!plan || (areas === 0 && plan.routes.length === 0)) {
    return <p className="command-hint">{said.areasNone}</p>;
  }
  return (
    <div className="command-form">
      <p className="command-hint">{said.areasHint}</p>
      <ul className="plan-areas">
        <li>{said.areasCount(plan.circles, plan.rectangles, plan.polygons)}</li>
        {plan.routes.map(({ name, points, limitsKmh }) => (
          <li key={name}>{said.areasRoute(name, points, limitsKmh.join('/'))}</li>
        ))}
        {plan.leftOut > 0 && <li>{said.areasLeftOut(plan.leftOut)}</li>}
      </ul>
      <Button type="primary" onClick={() => void send({ type: 'plan_areas' })}>
        {said.pushAreas}
      </Button>
    </div>
  );
}
