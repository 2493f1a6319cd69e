/**
 * What a report can tell beside a position: items of the terminal that are no numbers of the drive, cards and alarms,
 * and what people said of the run. Plain JSON values; they travel in a `Report`, so that they are stored, judged,
 * replayed and put in order like every position.
 */
export type VehicleEvent = TerminalEvent | CrewEvent | ServiceEvent;

/** Said by the terminal. */
export type TerminalEvent =
  /** Driver's card put in or drawn out (JT/T 808 0x0702). `readable` false: the card could not be read. */
  | {
      readonly kind: 'driver_card';
      readonly inserted: boolean;
      readonly readable: boolean;
      readonly licenceNo: string | null;
      readonly name: string | null;
      /** `YYYYMMDD`, or null. */
      readonly validTo: string | null;
    }
  /** The terminal registered with a plate that is not the one on the register for it (0x0100). */
  | { readonly kind: 'other_plate'; readonly plate: string }
  /** The terminal's own speed limit was broken in an area or on a section (item 0x11). */
  | { readonly kind: 'overspeed_area'; readonly areaType: number; readonly areaId: number | null }
  /** In or out of an area or a route that the terminal holds (item 0x12). */
  | {
      readonly kind: 'area';
      readonly direction: 'in' | 'out';
      readonly areaType: number;
      readonly areaId: number;
    }
  /** Too short or too long on a section of its route (item 0x13). */
  | {
      readonly kind: 'section_time';
      readonly sectionId: number;
      readonly seconds: number;
      readonly tooLong: boolean;
    }
  /** Lamps, brake, gear and other vehicle signals (item 0x25), the word as sent. */
  | { readonly kind: 'signals'; readonly flags: number }
  /** Inputs and outputs (item 0x2A), the word as sent. */
  | { readonly kind: 'inputs'; readonly flags: number }
  /** Video alarms of JT/T 1078 (item 0x14) with the channels without signal, covered, and the failed stores. */
  | {
      readonly kind: 'video';
      readonly flags: number;
      readonly lost: number;
      readonly covered: number;
      readonly stores: number;
    }
  /** Of vendors (item 0x70): a hard turn, braking or acceleration that the terminal measured itself. */
  | {
      readonly kind: 'driving';
      readonly alarm: 'acceleration' | 'braking' | 'turn';
      readonly alarmId: string | null;
      readonly speedKmh: number;
    }
  /** Alarms of any tyre (item 0x66): bit 1 pressure high, 2 low, 3 hot, 4 sensor, 5 imbalance, 6 leak, 7 battery low. */
  | { readonly kind: 'tyres'; readonly flags: number }
  /**
   * Its clock is wrong by so much (positive: ahead). `corrected`: the report's time was put right by that; else the
   * report could not be dated and was kept aside.
   */
  | { readonly kind: 'clock'; readonly offsetS: number; readonly corrected: boolean }
  /** Connections with the terminal's id took the vehicle from one another while they were speaking, so often within so long. */
  | { readonly kind: 'second_connection'; readonly takeovers: number; readonly withinS: number }
  /**
   * Active safety of T/JSATL 12 (items 0x64, 0x65, 0x67) and of JT/T 1078 (0x18). `alarm` is the protocol room's name of
   * it, `alarmId` its identification: terminal, second, number within it.
   */
  | {
      readonly kind: 'adas' | 'dsm';
      readonly alarm: string;
      readonly level: number;
      /** Of alarms with a length; null for those without. */
      readonly phase: 'start' | 'end' | null;
      readonly alarmId: string | null;
      readonly speedKmh: number;
      readonly files: number;
    };

/**
 * Said by escorts, drivers and schools, about a run under way. `by` is who or what says so. `at` is when it happened by
 * the clock of who says so, where the event was put elsewhere among the vehicle's reports; milliseconds since the epoch.
 */
export type CrewEvent = { readonly id: string; readonly by: EventSource; readonly at?: number } & (
  | {
      readonly kind: 'sign_on' | 'sign_off';
      readonly person: string;
      readonly role: 'driver' | 'escort';
      /** The phone or reader was within 100 m of the bus; null where that is not known. */
      readonly nearBus: boolean | null;
    }
  /** Pupils aboard, counted. */
  | { readonly kind: 'head_count'; readonly aboard: number }
  /** One child. `rider` is the plan's `rider_id`, never a name. */
  | { readonly kind: 'boarded' | 'alighted'; readonly rider: string; readonly stop: string | null }
  /** The child is excused: from this trip, or from all of today where none is named. */
  | { readonly kind: 'absent'; readonly rider: string; readonly trip?: string }
  /** What was said of the child before was wrong. */
  | {
      readonly kind: 'taken_back';
      readonly rider: string;
      readonly was: 'boarded' | 'alighted' | 'absent';
      readonly trip?: string;
    }
  | {
      readonly kind: 'pre_trip';
      readonly passed: boolean;
      /** Names of the checks of Art. 41 that failed. */
      readonly defects: readonly string[];
    }
  /** The bus was walked through to the rear seat and found empty, or not. */
  | {
      readonly kind: 'walk_through';
      readonly empty: boolean;
      readonly proof: 'code' | 'photo' | 'tag' | 'seen';
    }
  | { readonly kind: 'departure_refused'; readonly reason: string }
  | { readonly kind: 'sos' }
);

/** Looked up by a service for the judge, who sees one vehicle alone. */
export type ServiceEvent =
  | {
      readonly kind: 'driver_hours';
      /** As the crew's state names the driver. */
      readonly driver: string;
      /** When they drove other vehicles within the last day: [from, to], milliseconds since the epoch, in order. */
      readonly spans: readonly (readonly [number, number])[];
    }
  /** Somebody on duty here has signed on, or put their card in, on another vehicle since. */
  | {
      readonly kind: 'signed_elsewhere';
      readonly person: string;
      readonly role: 'driver' | 'escort';
      readonly vehicle: string;
    };

/** Proof in falling order: the bus's own reader or camera, the escort's phone, the school by hand. */
export type EventSource = 'terminal' | 'camera' | 'app' | 'school';
