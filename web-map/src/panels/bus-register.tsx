import type { VehicleView } from '../../../services/api/contract.ts';
import { useWords } from '../i18n/language.ts';
import { dateOnly } from '../text/time.ts';

/** What the register says of a bus: permit, kind, seats, operator, terminal. */
export function BusRegister({ vehicle }: { vehicle: VehicleView }) {
  const { words, language } = useWords();
  const { permit } = vehicle;
  const valid = permit?.status === 'valid';
  const kind = [
    words.bus.types[vehicle.schoolBusType] ?? vehicle.schoolBusType,
    vehicle.seats === null ? null : words.bus.seats(vehicle.seats),
  ];
  return (
    <div className="bus-part">
      <h3>{words.bus.vehicle}</h3>
      <dl className="register">
        <dt>{words.bus.permit}</dt>
        <dd>
          {permit ? (
            <>
              {permit.no}{' '}
              <span className={valid ? 'permit-valid' : 'permit-not'}>
                {words.bus.permitStatus[permit.status] ?? permit.status}
              </span>{' '}
              <small>{words.bus.permitUntil(dateOnly(language, permit.validTo))}</small>
            </>
          ) : (
            <span className="permit-not">{words.bus.noPermit}</span>
          )}
        </dd>
        <dt>{words.bus.vehicle}</dt>
        <dd>{kind.filter(Boolean).join(' · ')}</dd>
        {vehicle.operator && (
          <>
            <dt>{words.bus.operator}</dt>
            <dd>{vehicle.operator}</dd>
          </>
        )}
        {vehicle.terminalPhone && (
          <>
            <dt>{words.bus.terminal}</dt>
            <dd>{vehicle.terminalPhone}</dd>
          </>
        )}
      </dl>
    </div>
  );
}
