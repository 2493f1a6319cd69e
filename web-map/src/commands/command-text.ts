import type { CommandView } from '../../../services/api/contract.ts';
import type { Dictionary } from '../i18n/en.ts';

type Fields = { readonly [field: string]: unknown };

/** A command in one line: what it is, and what there is to say of this one. */
export function commandText({ type, request }: CommandView, words: Dictionary): string {
  const said = words.commands;
  const name = said.kinds[type] ?? type;
  const more = detailOf(type, request, words);
  return more === null ? name : `${name}: ${more}`;
}

function detailOf(type: string, request: Fields, words: Dictionary): string | null {
  const said = words.commands;
  switch (type) {
    case 'text':
    case 'information':
      return String(request.text ?? '');
    case 'question':
      return String(request.question ?? '');
    case 'call_back':
    case 'listen_in':
      return String(request.phoneNumber ?? '');
    case 'photo':
      return `${said.cameraNumber(Number(request.channel))} × ${Number(request.count ?? 1)}`;
    case 'track':
      return request.intervalS === 0
        ? said.trackEnd
        : said.trackEvery(Number(request.intervalS), Number(request.durationS) / 60);
    case 'control_doors':
    case 'control_terminal':
    case 'shut_terminal':
    case 'cut_supply':
      return optionText(request.action, words);
    case 'read_recorder':
      return optionText(request.data, words);
    case 'read_areas':
    case 'delete_areas':
      return optionText(request.which, words);
    case 'phone_book':
      return optionText(request.mode, words);
    case 'write_parameters':
      return listOf(request.params)
        .map(({ id, value }) => `${String(id)} = ${String(value)}`)
        .join(', ');
    default:
      return null;
  }
}

const optionText = (option: unknown, words: Dictionary): string =>
  words.commands.options[String(option)] ?? String(option);

/** What the terminal answered, where that is more than yes; null else. */
export function answerText({ type, request, answers, state }: CommandView, words: Dictionary): string | null {
  const said = words.commands.answers;
  const body = answers.at(-1)?.body;
  if (!body || state !== 'answered') return null;
  switch (type) {
    case 'photo': {
      const ids = Array.isArray(body.mediaIds) ? body.mediaIds : [];
      return ids.length > 0 ? said.photos(ids.join(', ')) : null;
    }
    case 'read_parameters':
    case 'write_parameters':
      return said.parameters(listOf(body.params).length);
    case 'read_attributes':
      return [body.manufacturer, body.model, body.hardwareVersion, body.firmwareVersion].join(' · ');
    case 'question': {
      const given = Array.isArray(request.answers) ? request.answers : [];
      return said.driver(String(given[Number(body.answerId) - 1] ?? body.answerId));
    }
    case 'media_search':
      return said.media(listOf(body.media).length);
    case 'read_areas':
      return said.areas(listOf((body.content as Fields | undefined)?.messages).length);
    case 'locate': {
      const { lat, lon, speedKmh } = (body.location ?? {}) as Fields;
      return `${Number(lat).toFixed(5)}, ${Number(lon).toFixed(5)} · ${String(speedKmh)} km/h`;
    }
    case 'control_doors': {
      const { status } = (body.location ?? {}) as { status?: Fields };
      return status?.doorLocked ? said.locked : said.unlocked;
    }
    default:
      return null;
  }
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as readonly Fields[]) : [];
}
