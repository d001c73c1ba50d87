export * from '@shared/period/period';
