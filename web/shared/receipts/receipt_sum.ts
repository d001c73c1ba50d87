/** How a request's charge came about, as a reader follows it line by line. Pure; the words are those of `receipt` texts. */

type PartKind = 'input' | 'cached_input' | 'output' | 'reasoning';

export interface ReceiptPart {
  kind: PartKind;
  tokens: number;
  weight: number;
  weighted: number;
}

/** What both services call `arithmetic`. */
export interface ReceiptArithmetic {
  parts: readonly ReceiptPart[];
  weighted_sum: number;
  conversion_factor: number;
  before_rounding: number;
  tokens_charged: number;
  allowance_part: number;
  credits_part: number;
  overage: number;
}

export interface Payment {
  source: 'allowance' | 'credits' | 'overage';
  tokens: number;
}

/** The kinds that were counted; plain input and output stand there even with none, so that a reader does not miss them. */
export function countedParts(arithmetic: ReceiptArithmetic): ReceiptPart[] {
  return arithmetic.parts.filter(
    (part) => part.tokens > 0 || part.kind === 'input' || part.kind === 'output',
  );
}

/** Whether the sum was no whole number, so that a part of a token was charged as a whole one. */
export function wasRoundedUp(arithmetic: ReceiptArithmetic): boolean {
  return arithmetic.before_rounding < arithmetic.tokens_charged;
}

/** Who paid, in the order in which they pay; those who paid nothing are left out. */
export function payments(arithmetic: ReceiptArithmetic): Payment[] {
  const all: Payment[] = [
    { source: 'allowance', tokens: arithmetic.allowance_part },
    { source: 'credits', tokens: arithmetic.credits_part },
    { source: 'overage', tokens: arithmetic.overage },
  ];
  return all.filter((payment) => payment.tokens > 0);
}
