import { Button } from 'antd';
import type { Role } from '../../../services/api/contract.ts';
import { faultText } from '../api/fault-text.ts';
import { useWords } from '../i18n/language.ts';
import { EmptyNote } from '../parts/empty-note.tsx';
import { buses, fleetVersion } from '../state/fleet.ts';
import { fleetLoaded } from '../state/monitor.ts';
import { loadPlan, plan } from '../state/plan.ts';
import { useStore } from '../state/store.ts';

/** What is missing for the map to be of use, and what to do about it. */
export function FleetNotice({ role }: { role: Role }) {
  const { words } = useWords();
  useStore(fleetVersion);
  const loaded = useStore(fleetLoaded);
  const { status, fault, geometry } = useStore(plan);
  if (status === 'failed' && fault) {
    return (
      <div className="stage-note">
        <EmptyNote title={words.error.planTitle} text={faultText(fault, words)}>
          <Button onClick={() => void loadPlan()}>{words.error.retry}</Button>
        </EmptyNote>
      </div>
    );
  }
  if (!loaded || buses.size > 0 || !geometry) return null;
  const noPlan = geometry.routes.features.length === 0 && geometry.stops.features.length === 0;
  const { empty } = words;
  // Shown a bus only while its run is on.
  const ownBusOnly = role === 'guardian' || role === 'escort';
  return (
    <div className="stage-note">
      {ownBusOnly ? (
        <EmptyNote title={empty.noOwnBusTitle} text={empty.noOwnBusText} />
      ) : noPlan ? (
        <EmptyNote title={empty.noPlanTitle} text={empty.noPlanText} />
      ) : (
        <EmptyNote title={empty.noBusesTitle} text={empty.noBusesText} />
      )}
    </div>
  );
}
