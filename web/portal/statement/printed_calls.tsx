/** The calls of the whole period on paper, where the screen shows them page by page. */

import { useWindowEvent } from '@mantine/hooks';
import type { PageReceiptResponse, ReceiptResponse } from '@shared/api/proxy.gen';
import type { ApiError } from '@shared/api/errors';
import { useErrorNotice } from '@shared/components/notices';
import { useTexts } from '@shared/i18n/language';
import { statementTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { call } from '../api';
import type { StatementQuery } from './course_section';
import classes from './statement.module.css';

const ROWS_PER_ANSWER = 200;
/** About 25 sheets. */
const MOST_ROWS = 1_000;

export interface Printout {
  rows: readonly ReceiptResponse[];
  /** There are more calls than the paper holds. */
  isCut: boolean;
}

export interface Printing {
  /** While the browser prints. */
  printout: Printout | null;
  loading: boolean;
  print: () => void;
}

/** Loads the period's calls, then prints the page with them. */
export function usePrinting(query: StatementQuery): Printing {
  const [printout, setPrintout] = useState<Printout | null>(null);
  const [loading, setLoading] = useState(false);
  const tellError = useErrorNotice();
  // Not right after `print()`: some browsers return from it before they have drawn the paper.
  useWindowEvent('afterprint', () => setPrintout(null));
  const print = async () => {
    setLoading(true);
    try {
      const found = await allCalls(query);
      flushSync(() => setPrintout(found));
      window.print();
    } catch (error) {
      tellError(error as ApiError);
    } finally {
      setLoading(false);
    }
  };
  return { printout, loading, print: () => void print() };
}

async function allCalls(query: StatementQuery): Promise<Printout> {
  const rows: ReceiptResponse[] = [];
  let cursor: string | null | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const answer = (await call('GET /api/tokens/history', {
      query: { ...query, limit: ROWS_PER_ANSWER, ...(cursor ? { cursor } : {}) },
    })) as PageReceiptResponse;
    rows.push(...answer.data);
    cursor = answer.next_cursor;
  } while (cursor && rows.length < MOST_ROWS);
  return { rows, isCut: Boolean(cursor) };
}

/** On paper alone. */
export function PrintedCalls({ rows }: Printout) {
  const t = useTexts(statementTexts);
  const formats = useFormats();
  return (
    <section className={classes.printedCalls} aria-label={t.history}>
      <h2>{t.history}</h2>
      <table>
        <thead>
          <tr>
            <th>{t.when}</th>
            <th>{t.model}</th>
            <th>{t.client}</th>
            <th className={classes.number}>{t.input}</th>
            <th className={classes.number}>{t.output}</th>
            <th className={classes.number}>{t.cost}</th>
            <th className={classes.number}>{t.remaining}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.request_id}>
              <td>{formats.dateTime(row.occurred_at)}</td>
              <td>{row.model_asked}</td>
              <td>{row.client ?? '–'}</td>
              <td className={classes.number}>{formats.integer(row.input_tokens)}</td>
              <td className={classes.number}>{formats.integer(row.output_tokens)}</td>
              <td className={classes.number}>{formats.integer(row.tokens_charged)}</td>
              <td className={classes.number}>{formats.integer(row.tokens_remaining)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
