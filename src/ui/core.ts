/** What the interface uses of core, by way of app. */
export * from '../app/studio/pure.ts';
