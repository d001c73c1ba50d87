import { ActionIcon } from '@mantine/core';
import type { Icon } from '@shared/icons';

interface RowActionProps {
  /** What it does, with the row's name: "Editar Básico". */
  label: string;
  icon: Icon;
  danger?: boolean;
  onClick: () => void;
}

/** A button at the end of a row. */
export function RowAction({ label, icon: ActionGlyph, danger = false, onClick }: RowActionProps) {
  return (
    <ActionIcon
      variant="subtle"
      size="lg"
      c={danger ? 'var(--solaris-blocked-text)' : 'var(--mantine-color-anchor)'}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        onClick();
      }}
    >
      <ActionGlyph size={18} />
    </ActionIcon>
  );
}
