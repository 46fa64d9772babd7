/** Environment variables, passed in: nothing here reads `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;
