import { describe, expect, it } from 'vitest';
import { EventParser, readEvents, type ServerEvent } from './event_reader';

const STREAM =
  'retry: 2000\n\nid: 7\nevent: balance\ndata: {"a":"ç"}\n\n: .\n\ndata: one\r\ndata:two\r\n\r\nevent: end\rdata\r\r';
const EVENTS: ServerEvent[] = [
  { name: 'balance', data: '{"a":"ç"}' },
  { name: 'message', data: 'one\ntwo' },
  { name: 'end', data: '' },
];

function listening() {
  const events: ServerEvent[] = [];
  const retries: number[] = [];
  let signs = 0;
  return {
    events,
    retries,
    signs: () => signs,
    heard: {
      onEvent: (event: ServerEvent) => events.push(event),
      onRetry: (milliseconds: number) => retries.push(milliseconds),
      onSign: () => {
        signs += 1;
      },
    },
  };
}

describe('EventParser', () => {
  it.each([1, 2, 3, 7, 1000])('finds the events wherever the stream is cut: every %i characters', (size) => {
    const { events, retries, heard } = listening();
    const parser = new EventParser(heard);
    for (let from = 0; from < STREAM.length; from += size) parser.write(STREAM.slice(from, from + size));
    parser.write('\n');
    expect(events).toEqual(EVENTS);
    expect(retries).toEqual([2000]);
  });

  it('takes a comment for a sign of life and no event', () => {
    const { events, signs, heard } = listening();
    new EventParser(heard).write(': .\n\n');
    expect(events).toEqual([]);
    expect(signs()).toBe(1);
  });
});

describe('readEvents', () => {
  it('puts letters together that were cut in two', async () => {
    const { events, heard } = listening();
    const bytes = new TextEncoder().encode('data: ção\n\n');
    const parts = Array.from(bytes, (byte) => Uint8Array.of(byte));
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const part = parts.shift();
        if (part) controller.enqueue(part);
        else controller.close();
      },
    });
    await readEvents(body, heard);
    expect(events).toEqual([{ name: 'message', data: 'ção' }]);
  });
});
