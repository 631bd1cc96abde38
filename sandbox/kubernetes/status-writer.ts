import { ApiError, type KubernetesApi } from "./api";

/** Writes an object's status after every change: one write at a time, each with the newest status. */
export class StatusWriter {
  private isDirty = false;
  private writing: Promise<void> | undefined;

  /**
   * @param path path of the object, e.g. `/api/v1/namespaces/default/pods/one`
   * @param uid uid of the object; a later object of the same name is not changed
   */
  constructor(
    private readonly api: KubernetesApi,
    private readonly path: string,
    private readonly uid: string,
    private readonly status: () => object,
  ) {}

  /** Marks the status as changed. */
  changed(): void {
    this.isDirty = true;
    this.writing ??= this.write();
  }

  /** Resolves when the newest status has been written. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private async write(): Promise<void> {
    // Changes of the same moment share a write.
    await Promise.resolve();
    while (this.isDirty) {
      this.isDirty = false;
      try {
        await this.api.patch(`${this.path}/status`, { metadata: { uid: this.uid }, status: this.status() });
      } catch (error) {
        // The object was deleted or replaced, so no status is due.
        const isGone = error instanceof ApiError && (error.status === 404 || error.status === 409);
        if (!isGone) console.error(`status of ${this.path}: ${(error as Error).message}`);
      }
    }
    this.writing = undefined;
  }
}
