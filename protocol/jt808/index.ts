/** JT/T 808: bytes to typed messages and back. Pure: no clock, no socket, no state beyond what a caller holds. */
export { catalogueEntry, descriptions, messageName } from './catalogue.ts';
export { fromHex, hex, id4 } from './compile/bytes.ts';
export { EncodeError } from './compile/writer.ts';
export { type DecodeOptions, type Decrypt, decodeFrame, decodeMessage } from './decode.ts';
export type { BodyOf } from './describe/field.ts';
export type { Layout, MessageDescription } from './describe/message-description.ts';
export {
  encodeBody,
  encodeFrame,
  encodeGeneralReply,
  encodeMessage,
  encodeParts,
  MAX_BODY_BYTES,
  type Outgoing,
} from './encode.ts';
export { type Accepted, Assembler, type AssemblerLimits, type IncompleteSet } from './frame/assembler.ts';
export { MAX_FRAME_BYTES, MAX_WIRE_BYTES, sealFrame, unescapeInto } from './frame/escape.ts';
export { decodeHeader, type Header, type HeaderFields } from './frame/header.ts';
export { type FrameFault, type FramerOptions, StreamFramer } from './frame/stream-framer.ts';
export {
  decodeLocation,
  LOCATION_BASE_BYTES,
  type LocationCore,
  locationTimeMs,
  readLocationCore,
  TELLS_EVENTS,
  TELLS_SIGNALS,
} from './location-core.ts';
export { type MediaHead, readMediaHead } from './media-head.ts';
export type { Body, Fault, FaultCode, Message, Version } from './message.ts';
export { ALARM_BITS, CLEARED_ON_REPLY, DOOR_BITS, LOADS, STATUS_BITS } from './messages/alarm-bits.ts';
export type { LocationBody, LocationExtras, LocationStatus } from './messages/location.ts';
