/** An HTTP error answer in GitHub's form. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly more: {
      /** `errors` of the body, for what was not valid. */
      readonly errors?: readonly Readonly<Record<string, string>>[];
      /** The header of that name, in seconds. */
      readonly retryAfter?: number;
    } = {},
  ) {
    super(message);
  }

  get body(): Readonly<Record<string, unknown>> {
    return {
      message: this.message,
      ...(this.more.errors && { errors: this.more.errors }),
      documentation_url: "https://docs.github.com/rest",
      status: `${this.status}`,
    };
  }
}

export const notFound = (): Refusal => new Refusal(404, "Not Found");

/** What an app's token gets that lacks a permission, as in pull requests from forks. */
export const notAccessible = (): Refusal => new Refusal(403, "Resource not accessible by integration");
