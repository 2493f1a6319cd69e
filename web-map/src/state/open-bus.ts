import type { AlertView } from '../../../services/api/contract.ts';
import { shownAt } from '../fleet/motion.ts';
import { buses } from './fleet.ts';
import { selectAlert, selectBus, wishCamera } from './selection.ts';

const STREET_ZOOM = 14.5;

/** Opens a bus and brings it into view. */
export function openBus(vehicle: string): void {
  selectBus(vehicle);
  showBus(vehicle);
}

export function showBus(vehicle: string): void {
  const bus = buses.get(vehicle);
  if (!bus) return;
  const { at } = shownAt(bus.motion, performance.now());
  wishCamera({ kind: 'flyTo', lon: at[0], lat: at[1], zoom: STREET_ZOOM });
}

/** Opens an alert's bus. The map goes to where the alert began, or to the bus where that is not known. */
export function openAlert(alert: AlertView): void {
  selectAlert(alert.id, alert.vehicle);
  const lasting = alert.end === null && buses.has(alert.vehicle);
  if (!lasting && alert.lat !== null && alert.lon !== null) {
    wishCamera({ kind: 'flyTo', lon: alert.lon, lat: alert.lat, zoom: STREET_ZOOM });
  } else showBus(alert.vehicle);
}
