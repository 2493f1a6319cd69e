import { Type } from 'typebox';
import { hex } from '../../../protocol/jt808/compile/bytes.ts';
import { explainLine, frameLines } from '../../../protocol/jt808/explain-line.ts';
import type { FaultCode } from '../../../protocol/jt808/message.ts';
import { type App, userWhoMay } from '../app-types.ts';
import type { FrameView } from '../contract.ts';
import { ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import { FrameView as FrameSchema } from '../schemas/frames.ts';

/** The largest text: a dozen of the longest frames, or two hundred location reports. */
const MAX_CHARACTERS = 32_000;
const MAX_FRAMES = 50;

export function explainRoutes(app: App): void {
  app.post(
    '/explain',
    {
      schema: {
        tags: ['terminals'],
        summary: 'Takes JT/T 808 frames in hex apart, field by field; nothing of them is kept',
        body: Type.Object(
          {
            frames: Type.String({
              minLength: 1,
              maxLength: MAX_CHARACTERS,
              description: `At most ${MAX_FRAMES} frames, by line or by their flags; spaces are as good as none`,
            }),
            version: Type.Optional(
              Type.Unsafe<'2011' | '2013'>({
                type: 'string',
                enum: ['2011', '2013'],
                description: 'Which edition to prefer under the header that both share; 2013 if left out',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ items: Type.Array(FrameSchema) }),
          ...refusals(400, 401, 403, 413, 429),
        },
      },
    },
    async (request): Promise<{ items: FrameView[] }> => {
      userWhoMay(request, 'explain');
      const { frames, version = '2013' } = request.body;
      const lines = frameLines(frames);
      if (lines.length > MAX_FRAMES)
        throw new ProblemError('bad-request', `at most ${MAX_FRAMES} frames at a time`);
      return { items: lines.map((line) => frameView(line, version)) };
    },
  );
}

function frameView(line: string, version: '2011' | '2013'): FrameView {
  const { title, source, fields, warnings, fault, bytes } = explainLine(line, { version });
  return {
    title,
    source,
    bytes: hex(bytes),
    fields: fields.map((field) => ({ ...field, value: field.value ?? null })),
    warnings: [...warnings],
    fault: fault === null ? null : faultOf(fault),
  };
}

/** Faults are told as `code: detail`. */
function faultOf(fault: string): NonNullable<FrameView['fault']> {
  const end = fault.indexOf(': ');
  return { code: fault.slice(0, end) as FaultCode, detail: fault.slice(end + 2) };
}
