/** A repository as somebody sees it who does not see everything yet: some versions are hidden, and those before show. */
import { isLive, type LiveVersion, Repository, type Version } from './repository.ts';

/**
 * The same repository without the versions that `hides` names: of a resource whose newest versions are hidden, the
 * newest of the others is current. What is written goes to the repository itself.
 */
export function hiding(repository: Repository, hides: (version: Version) => boolean): Repository {
  return new PartialView(repository, hides);
}

class PartialView extends Repository {
  readonly #whole: Repository;
  readonly #hides: (version: Version) => boolean;

  constructor(whole: Repository, hides: (version: Version) => boolean) {
    super(() => new Date(whole.now()));
    this.#whole = whole;
    this.#hides = hides;
  }

  override now(): number {
    return this.#whole.now();
  }

  override freeId(type: string): string {
    return this.#whole.freeId(type);
  }

  override newest(type: string, id: string): Version | undefined {
    return this.history(type, id)[0];
  }

  override version(type: string, id: string, number: number): Version | undefined {
    const version = this.#whole.version(type, id, number);
    return version === undefined || this.#hides(version) ? undefined : version;
  }

  override write(...written: Parameters<Repository['write']>): ReturnType<Repository['write']> {
    return this.#whole.write(...written);
  }

  override remove(type: string, id: string): Version {
    return this.#whole.remove(type, id);
  }

  override *live(type: string): Generator<LiveVersion> {
    for (const id of this.#whole.ids(type)) {
      const newest = this.newest(type, id);
      if (isLive(newest)) yield newest;
    }
  }

  override types(): string[] {
    return this.#whole.types();
  }

  override history(type?: string, id?: string): Version[] {
    return this.#whole.history(type, id).filter((version) => !this.#hides(version));
  }

  override atomically<T>(work: () => T): T {
    return this.#whole.atomically(work);
  }
}
