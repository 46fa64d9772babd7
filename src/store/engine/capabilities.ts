/**
 * The one table of what database engines do differently. Statements and migrations are written for all engines and
 * ask this table for the rest, so that no file outside this folder has to know which engine it runs on.
 */

export interface Engine {
  readonly name: 'sqlite';
  /** The whole type of a column that numbers rows in the order of their arrival and is the primary key. */
  readonly sequence: string;
  /** What follows the closing bracket of `create table`. */
  readonly tableOptions: string;
}

export const engines = {
  sqlite: {
    name: 'sqlite',
    // without `autoincrement` the number of a deleted last row is given out again, and order is lost
    sequence: 'integer primary key autoincrement',
    // otherwise SQLite stores a text in an integer column without a word
    tableOptions: 'strict',
  },
} as const satisfies Record<string, Engine>;
