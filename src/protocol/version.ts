/** Raised with every change that an old tab would misread; an old tab is told to reload. */
export const PROTOCOL_VERSION = 1;
