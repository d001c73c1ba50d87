export * from '@shared/period/period_picker';
