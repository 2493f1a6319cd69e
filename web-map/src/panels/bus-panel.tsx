import './bus-panel.css';
import { AimOutlined, CloseOutlined, EnvironmentOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { PositionView, VehicleView } from '../../../services/api/contract.ts';
import { api, type Fault } from '../api/client.ts';
import { faultText } from '../api/fault-text.ts';
import { useWords } from '../i18n/language.ts';
import { PositionAge } from '../parts/age.tsx';
import { BusStatus } from '../parts/bus-status.tsx';
import { buses, subscribeToBus } from '../state/fleet.ts';
import { whenUpAgain } from '../state/link.ts';
import { showBus } from '../state/open-bus.ts';
import { go, place } from '../state/place.ts';
import { followBus, selectBus, selection } from '../state/selection.ts';
import { session } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { watchTrack } from '../state/track.ts';
import { BusAlerts } from './bus-alerts.tsx';
import { BusFacts } from './bus-facts.tsx';
import { BusRegister } from './bus-register.tsx';
import { BusRun } from './bus-run.tsx';
import { BusCommands } from './commands/bus-commands.tsx';
import { MediaStrip } from './media-strip.tsx';
import { SpeedChart } from './speed-chart.tsx';

/** Runs change over and crews check in while a panel stays open. */
const REFRESH_MS = 60_000;
/** Before the number of a terminal that is fitted to no vehicle on the register. */
const TERMINAL = 'terminal:';

/** Everything about the chosen bus. */
export function BusPanel({ vehicle }: { vehicle: string }) {
  const { words } = useWords();
  const position = usePosition(vehicle);
  const { details, fault } = useDetails(vehicle, position?.run?.trip ?? null);
  const who = useStore(session);
  const mayCommand = who.status === 'in' && who.view.can.command;
  const phone =
    details?.terminalPhone || (vehicle.startsWith(TERMINAL) ? vehicle.slice(TERMINAL.length) : '');
  useEffect(() => watchTrack(vehicle), [vehicle]);
  const plate = position?.plate ?? details?.plate ?? null;
  return (
    <section className="bus-panel" aria-label={words.bus.panel(plate ?? vehicle)} data-testid="bus-panel">
      <header className="bus-head">
        <div>
          <h2>{plate || vehicle}</h2>
          <p>{vehicle.startsWith(TERMINAL) ? words.bus.unregistered : vehicle}</p>
        </div>
        <Button
          type="text"
          icon={<CloseOutlined />}
          aria-label={words.bus.close}
          onClick={() => selectBus(null)}
        />
      </header>
      {position && (
        <div className="bus-state-line">
          <BusStatus position={position} />
          <PositionAge time={position.time} />
        </div>
      )}
      <BusActions vehicle={vehicle} />
      <div className="bus-body">
        <BusFacts position={position} />
        {fault && !details ? (
          <p role="alert" className="bus-part">
            {fault.kind === 'missing' ? words.bus.gone : faultText(fault, words)}
          </p>
        ) : details ? (
          <BusRun run={details.run} position={position} />
        ) : (
          <Skeleton active paragraph={{ rows: 4 }} />
        )}
        <SpeedChart />
        <BusAlerts vehicle={vehicle} />
        <div className="bus-part">
          <MediaStrip scope={{ kind: 'bus', vehicle }} />
        </div>
        {mayCommand && phone && <BusCommands phone={phone.replace(/^0+(?=\d)/, '')} plate={plate || phone} />}
        {details && <BusRegister vehicle={details} />}
      </div>
    </section>
  );
}

function BusActions({ vehicle }: { vehicle: string }) {
  const { words } = useWords();
  const { follow } = useStore(selection);
  const showOnMap = () => {
    go({ page: 'map', query: { ...place.get().query, bus: vehicle } });
    showBus(vehicle);
  };
  const toggleFollow = () => {
    if (!follow) showOnMap();
    followBus(!follow);
  };
  return (
    <div className="bus-actions">
      <Button icon={<EnvironmentOutlined />} onClick={showOnMap}>
        {words.bus.showOnMap}
      </Button>
      <Button
        icon={<AimOutlined />}
        type={follow ? 'primary' : 'default'}
        aria-pressed={follow}
        onClick={toggleFollow}
      >
        {follow ? words.bus.following : words.bus.follow}
      </Button>
    </div>
  );
}

function usePosition(vehicle: string): PositionView | null {
  const subscribe = useCallback((listener: () => void) => subscribeToBus(vehicle, listener), [vehicle]);
  return useSyncExternalStore(subscribe, () => buses.get(vehicle)?.view ?? null);
}

function useDetails(
  vehicle: string,
  trip: string | null,
): { details: VehicleView | null; fault: Fault | null } {
  const [state, setState] = useState<{ details: VehicleView | null; fault: Fault | null }>({
    details: null,
    fault: null,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another trip means another run, crew and stops
  useEffect(() => {
    let ended = false;
    const load = async () => {
      const answer = await api.vehicle(vehicle);
      if (ended) return;
      setState((now) =>
        answer.ok ? { details: answer.value, fault: null } : { ...now, fault: answer.fault },
      );
    };
    void load();
    const timer = setInterval(load, REFRESH_MS);
    const end = whenUpAgain(() => void load());
    return () => {
      ended = true;
      end();
      clearInterval(timer);
    };
  }, [vehicle, trip]);
  return state;
}
