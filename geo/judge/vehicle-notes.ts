import type { RunTrack } from '../matching/run-track.ts';
import type { Plan, Vehicle } from '../plan/plan.ts';
import type { DriverFault } from '../rules/unapproved-driver.ts';
import type { PermitFault } from '../rules/unapproved-vehicle.ts';
import type { Gear } from './gear.ts';
import type { VehicleState } from './state.ts';

/** What the registers say of a vehicle on one run; a rule that asks works it out once for the run. Undefined: not yet. */
export interface RunFacts {
  permit: PermitFault | null | undefined;
  rosterDriver: DriverFault | null | undefined;
}

/** What follows from a vehicle, its run and what its rules keep, and is looked at with every report. */
export interface VehicleNote {
  /** The vehicle as the register has it. */
  readonly registered: Vehicle | undefined;
  readonly facts: RunFacts;
  /** Bits of the rules that wake by what they keep. */
  readonly keptBits: number;
}

/** Vehicles noted; beyond it they are noted anew. */
const MOST_NOTES = 20_000;

interface Note {
  readonly registered: Vehicle | undefined;
  gear: Gear;
  trip: string | null;
  serviceDate: string | null;
  driver: string | null;
  duty: boolean;
  facts: RunFacts;
  memory: VehicleState['memory'];
  keptBits: number;
}

/**
 * Notes of one plan's vehicles. They hold nothing but what can be worked out again, and are asked with all that it is
 * worked out from: judging is the same without them.
 */
export function vehicleNotes(
  plan: Plan,
): (vehicle: string, gear: Gear, run: RunTrack | null, memory: VehicleState['memory']) => VehicleNote {
  const notes = new Map<string, Note>();
  return (vehicle, gear, run, memory) => {
    let note = notes.get(vehicle);
    if (note === undefined) {
      if (notes.size >= MOST_NOTES) notes.clear();
      note = noteOf(plan.vehicles.get(vehicle), gear, run, memory);
      notes.set(vehicle, note);
      return note;
    }
    if (note.memory !== memory || note.gear !== gear) {
      note.memory = memory;
      note.keptBits = gear.keptBits(memory);
    }
    if (!isOf(note, gear, run)) {
      note.gear = gear;
      note.trip = run === null ? null : run.trip;
      note.serviceDate = run === null ? null : run.serviceDate;
      note.driver = run === null ? null : run.driver;
      note.duty = run?.duty === true;
      note.facts = { permit: undefined, rosterDriver: undefined };
    }
    return note;
  };
}

const noteOf = (
  registered: Vehicle | undefined,
  gear: Gear,
  run: RunTrack | null,
  memory: VehicleState['memory'],
): Note => ({
  registered,
  gear,
  trip: run?.trip ?? null,
  serviceDate: run?.serviceDate ?? null,
  driver: run?.driver ?? null,
  duty: run?.duty === true,
  facts: { permit: undefined, rosterDriver: undefined },
  memory,
  keptBits: gear.keptBits(memory),
});

function isOf(note: Note, gear: Gear, run: RunTrack | null): boolean {
  if (note.gear !== gear) return false;
  if (run === null) return note.trip === null;
  return (
    note.trip === run.trip &&
    note.serviceDate === run.serviceDate &&
    note.driver === run.driver &&
    note.duty === run.duty
  );
}
