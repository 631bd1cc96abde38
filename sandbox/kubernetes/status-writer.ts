import { ApiError, type KubernetesApi } from "./api";

/** Writes an object's status whenever it has changed: one write at a time, each with the newest status. */
export class StatusWriter {
  private isDirty = false;
  private writing: Promise<void> | undefined;

  /**
   * @param path of the object, e.g. `/api/v1/namespaces/default/pods/one`.
   * @param uid of the object: a later one of the same name is left alone.
   */
  constructor(
    private readonly api: KubernetesApi,
    private readonly path: string,
    private readonly uid: string,
    private readonly status: () => object,
  ) {}

  /** Tells that the status has changed. */
  changed(): void {
    this.isDirty = true;
    this.writing ??= this.write();
  }

  /** Resolves when the newest status has been written. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private async write(): Promise<void> {
    // Changes of the same moment go out together.
    await Promise.resolve();
    while (this.isDirty) {
      this.isDirty = false;
      try {
        await this.api.patch(`${this.path}/status`, { metadata: { uid: this.uid }, status: this.status() });
      } catch (error) {
        // Deleted, or replaced by another of its name: there is no status to tell any more.
        const isGone = error instanceof ApiError && (error.status === 404 || error.status === 409);
        if (!isGone) console.error(`status of ${this.path}: ${(error as Error).message}`);
      }
    }
    this.writing = undefined;
  }
}
