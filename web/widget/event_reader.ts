/** Server-sent events from a fetched body: the browser's own EventSource can't send a token in a header. */

export interface ServerEvent {
  name: string;
  data: string;
}

export interface Heard {
  onEvent: (event: ServerEvent) => void;
  /** Any byte, comments included. */
  onSign: () => void;
  onRetry: (milliseconds: number) => void;
}

/** Takes the stream apart as WHATWG HTML 9.2.6 says; `write` may cut it anywhere. */
export class EventParser {
  private rest = '';
  private name = '';
  private data: string[] = [];

  constructor(private readonly heard: Heard) {}

  write(text: string): void {
    this.heard.onSign();
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.line(line);
  }

  private line(line: string): void {
    if (line === '') {
      this.dispatch();
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.name = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'retry' && /^\d+$/.test(value)) this.heard.onRetry(Number(value));
  }

  private dispatch(): void {
    if (this.data.length > 0)
      this.heard.onEvent({ name: this.name || 'message', data: this.data.join('\n') });
    this.name = '';
    this.data = [];
  }
}

/** Reads a body to its end. */
export async function readEvents(body: ReadableStream<Uint8Array>, heard: Heard): Promise<void> {
  const parser = new EventParser(heard);
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- the next part exists only after this one
    const { done, value } = await reader.read();
    if (done) return;
    parser.write(decoder.decode(value, { stream: true }));
  }
}
