/**
 * The shape of a row of the fault table. A member is a type with `?` if it may be left out, or a list of words of
 * which one has to be given, `?` among them if none may.
 */
type Members = Readonly<Record<string, string | readonly string[]>>;

type Row<M extends Members> = {
  /** What happens. */
  readonly says: string;
  /** Its number in hospital-servers §7, where real servers that do it are named. */
  readonly quirk: string;
  readonly members: M;
  /** It strikes only the pages after the first. */
  readonly page?: 'later';
  /** It strikes only addresses that hold this. */
  readonly path?: string;
};

export function row<const M extends Members>(
  says: string,
  quirk: string,
  members: M,
  only: { readonly page?: 'later'; readonly path?: string } = {},
): Row<M> {
  return { says, quirk, members, ...only };
}
