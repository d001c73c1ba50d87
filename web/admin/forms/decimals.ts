export * from '@shared/forms/decimals';
